import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../support/instance.js';

const withoutCode = (text: string) =>
  text.replace(/^\s*```.*?^\s*```$/gms, '').replace(/`[^`\n]*`/g, 'x');

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

/** Links of a page to files or headings that are not there. */
export function brokenLinks(page: string): string[] {
  const text = withoutCode(readFileSync(join(ROOT, page), 'utf8'));
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets
    .filter((target) => !/^https?:/.test(target) && !leads(page, target))
    .map((target) => `${page} → ${target}`);
}

function leads(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
  if (!existsSync(file) || relative(ROOT, file).startsWith('..')) return false;
  return anchor === undefined || (statSync(file).isFile() && anchorsIn(file).includes(anchor));
}
