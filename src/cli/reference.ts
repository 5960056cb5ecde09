import type { CommandSpec, OptionSpec } from './client/command-spec.js';

const HEAD = `# Command line

The command is \`mission\`. Every command takes \`--json\` (one object, or JSON lines, on stdout) and \`--help\`.
Results go to stdout; prose and progress go to stderr. Commands marked _online_ talk to a running Mission Control and
take \`--url\`; the others work offline.

An id of a run, or of an approval, may be shortened to its first characters, four at least; what may be several is told
with all of them. \`last\` is the newest run that no other run started, or the newest question that waits.

| Exit code | Meaning |
| --- | --- |
| 0 | done |
| 1 | the work failed |
| 2 | wrong use |
| 3 | not reachable |
`;

/**
 * The page `docs/cli.md`: every command with its options and examples, in the
 * order of the help page.
 */
export function cliReference(commands: readonly CommandSpec[]): string {
  const overview = commands.map(
    ({ usage, summary }) => `| [\`${cell(usage)}\`](#${anchorOf(usage)}) | ${cell(summary)} |`,
  );
  return [
    HEAD,
    '| Command | What it does |\n| --- | --- |',
    `${overview.join('\n')}\n`,
    ...commands.map(sectionOf),
  ].join('\n');
}

function sectionOf({
  usage,
  summary,
  description,
  options,
  examples,
  online,
}: CommandSpec): string {
  const parts = [
    `## \`${usage}\`\n`,
    `${sentence(summary)}${description ? ` ${description}` : ''}${online ? ' _Online._' : ''}\n`,
    ...(options ? [optionsOf(options)] : []),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n`,
  ];
  return parts.join('\n');
}

const optionsOf = (options: OptionSpec[]): string => {
  const rows = options.map(([flags, what]) => `| \`${cell(flags)}\` | ${cell(what)} |`);
  return `| Option | Meaning |\n| --- | --- |\n${rows.join('\n')}\n`;
};

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The anchor that GitHub generates for a heading. */
const anchorOf = (usage: string): string =>
  usage
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
