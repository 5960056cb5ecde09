import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const money = (amount) => amount.toFixed(2).padStart(12);

/** Writes reports/MONTH.md in one move, so that a repeated attempt leaves the same file. */
export default async ({ inputs: { month, verdict, exports }, context }) => {
  const total = exports.reduce((sum, { total }) => sum + total, 0);
  const review = exports.flatMap(({ review }) => review).sort((a, b) => b.amount - a.amount);
  const unreadable = exports.flatMap(({ unreadable }) => unreadable);
  const text = [
    `# Invoices of ${month}`,
    `${verdict}.`,
    [
      '```',
      ...exports.map(
        (each) => `${each.branch.padEnd(10)}${money(each.total)}  ${each.invoices} invoices`,
      ),
      `${'total'.padEnd(10)}${money(total)}`,
      '```',
    ].join('\n'),
    ...section(
      'To review',
      review.map((each) => `${each.invoice}, ${each.customer}: ${each.amount.toFixed(2)}`),
    ),
    ...section('Not readable', unreadable),
    `Run ${context.run_id}`,
  ].join('\n\n');
  const report = join('reports', `${month}.md`);
  await mkdir('reports', { recursive: true });
  await writeFile(`${report}.part`, `${text}\n`);
  await rename(`${report}.part`, report);
  return { report, total: Number(total.toFixed(2)), review: review.length, unreadable, verdict };
};

const section = (title, lines) =>
  lines.length ? [`## ${title}`, lines.map((line) => `- ${line}`).join('\n')] : [];
