import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/instance.js';

/** A fenced block of a Markdown page. */
export interface Block {
  page: string;
  /** Of the opening fence, from 1 on. */
  line: number;
  /** Of the closing fence. */
  end: number;
  language: string;
  text: string;
  /** The path that its first lines name in a comment, such as `# .ai/scripts/add_up.py`. */
  file?: string;
  /** From `<!-- not run: reason -->` above the block. */
  notRun?: string;
}

/** Every page for people, the first one first. */
export const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT })]
  .sort()
  .sort((a, b) => Number(b === 'README.md') - Number(a === 'README.md'));

export const linesOf = (page: string): string[] =>
  readFileSync(join(ROOT, page), 'utf8').split('\n');

const NOT_RUN = /^\s*<!-- not run: (\S.*) -->$/;
const FILE = /^(?:#|\/\/) ((?:[\w.-]+\/)*[\w.-]+\.(?:yaml|py|ts|js|mjs|sh))\b[^/]*$/;

/** The fenced blocks of a page, those in lists included. */
export function blocksOf(page: string): Block[] {
  const lines = linesOf(page);
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^(\s*)```(\w*)$/.exec(lines[at]!);
    if (!fence) continue;
    const end = lines.indexOf(`${fence[1]}\`\`\``, at + 1);
    const body = lines.slice(at + 1, end).map((line) => line.slice(fence[1]!.length));
    blocks.push(blockOf(page, { line: at + 1, end: end + 1 }, fence[2]!, body, above(lines, at)));
    at = end;
  }
  return blocks;
}

/** The nearest line above that is not empty. */
const above = (lines: string[], at: number): string =>
  lines
    .slice(0, at)
    .reverse()
    .find((line) => line.trim() !== '') ?? '';

function blockOf(
  page: string,
  place: { line: number; end: number },
  language: string,
  body: string[],
  before: string,
): Block {
  const file = body.slice(0, 2).flatMap((line) => FILE.exec(line)?.[1] ?? [])[0];
  const notRun = NOT_RUN.exec(before)?.[1];
  const text = `${body.join('\n')}\n`;
  return { page, ...place, language, text, ...(file && { file }), ...(notRun && { notRun }) };
}
