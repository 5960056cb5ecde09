import { dirname } from 'node:path';
import { blocksOf, linesOf, type Block } from './page.js';

/** Ends with a comment that says so: the command is shown because it fails. */
const FAILS = /# fails\b/;
const END = 'END_OF_FILE';

/**
 * A page as a script for bash: its `sh` blocks, and files that other blocks are. Each line keeps its number,
 * so that what the shell says of a line is true of the page.
 */
export function sessionOf(page: string): string {
  const script = linesOf(page).map(() => '');
  for (const block of blocksOf(page).filter(({ notRun }) => notRun === undefined))
    put(script, block);
  return script.join('\n');
}

function put(script: string[], { line, end, language, file, text }: Block): void {
  if (language !== 'sh' && file === undefined) return;
  const lines = text.split('\n').slice(0, -1);
  script.splice(line, lines.length, ...lines.map((each) => (file ? each : commandOf(each))));
  if (file === undefined) return;
  script[line - 1] = `mkdir -p ${dirname(file)}; cat >${file} <<'${END}'`;
  script[end - 1] = END;
}

/** What goes on for ever is only asked for its help. What a run is told, it is told once it is so far. */
function commandOf(line: string): string {
  if (/^(\w+=\S+ )*mission (up|logs --follow)\b/.test(line)) return `${line} --help`;
  if (/^mission approvals\b/.test(line))
    return `${untilSaid('approvals list', 'pending')}; ${line}`;
  if (!/^mission executions (signal|pause)\b/.test(line)) return line;
  return `${untilSaid('executions list --limit 1', 'RUNNING')}; ${line}`;
}

const untilSaid = (command: string, text: string): string =>
  `until mission ${command} --json | grep -q ${text}; do sleep 0.2; done`;

/** Lines of the page whose command is shown because it fails. */
export const failingLines = (page: string): number[] =>
  linesOf(page).flatMap((line, index) => (FAILS.test(line) ? [index + 1] : []));

/** What the page says that a command prints, without blanks: `# prints {"words": 6}`. */
export const printedTexts = (page: string): string[] =>
  linesOf(page).flatMap((line) => {
    const [, text] = /# prints (.*)$/.exec(line) ?? [];
    return text === undefined ? [] : [withoutBlanks(text)];
  });

/** Blanks and line ends of JSON are the printer's own affair. */
export const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');
