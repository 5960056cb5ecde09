import type { JsonObject } from '../../contracts/json/json.js';
import type { DirectiveSummary, FailureCount } from '../services/run-statistics.js';
import type { SystemScript } from '../services/system-script.js';

/** Summarises the runs of the last hours, beside those of the hours before: a text in Markdown, and its figures. */
export const generateSummary: SystemScript = async ({ inputs }, services) => {
  const hours = Number(inputs.lookback_hours);
  const statistics = services.statistics();
  const now = await statistics.summary(hours);
  const before = await statistics.summary(2 * hours, hours);
  const failures = await statistics.failures(hours);
  const metrics = now.map((each) => ({
    ...each,
    error_rate: each.errors / each.runs,
    before: before.find(({ directive }) => directive === each.directive) ?? null,
  }));
  return {
    summary: textOf(hours, now, before, failures),
    metrics: metrics as unknown as JsonObject[],
    generated_at: new Date().toISOString(),
  };
};

const total = (rows: readonly DirectiveSummary[], key: 'runs' | 'errors' | 'cost_usd'): number =>
  rows.reduce((sum, row) => sum + row[key], 0);

function textOf(
  hours: number,
  now: DirectiveSummary[],
  before: DirectiveSummary[],
  failures: FailureCount[],
): string {
  const runs = total(now, 'runs');
  const head = `## The last ${hours} hours

${runs} runs ended (${total(before, 'runs')} in the ${hours} hours before), ${total(now, 'errors')} of them failed (${total(before, 'errors')} before), ${total(now, 'cost_usd').toFixed(2)} USD were spent (${total(before, 'cost_usd').toFixed(2)} before).`;
  if (runs === 0) return head;
  const lines = now.map((row) => {
    const earlier = before.find(({ directive }) => directive === row.directive);
    return `| ${row.directive} | ${row.runs} | ${row.errors} | ${ms(row.p50_ms)} | ${ms(row.p95_ms)} | ${ms(earlier?.p95_ms ?? null)} | ${row.cost_usd.toFixed(2)} |`;
  });
  const table = `| Directive | Runs | Failed | Median | 95 % below | before | USD |\n| --- | --- | --- | --- | --- | --- | --- |\n${lines.join('\n')}`;
  return [head, table, ...failureText(failures)].join('\n\n');
}

const failureText = (failures: FailureCount[]): string[] =>
  failures.length === 0
    ? []
    : [
        '### Failures',
        failures
          .map(
            ({ directive, code, message, count, example }) =>
              `- ${count} × ${directive}: ${code ?? 'unknown'}, ${message ?? ''} (such as run ${example})`,
          )
          .join('\n'),
      ];

const ms = (value: number | null): string =>
  value === null
    ? '-'
    : value < 10_000
      ? `${Math.round(value)} ms`
      : `${(value / 1_000).toFixed(1)} s`;
