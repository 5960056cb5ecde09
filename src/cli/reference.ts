import type { CommandSpec, OptionSpec } from './client/command-spec.js';

const HEAD = `# Command line

The command is \`mission\`. Every command takes \`--json\` (one object, or JSON lines, on stdout) and \`--help\`.
Results go to stdout; messages and progress go to stderr. Commands marked _online_ need a running Mission Control and
take \`--url\`; the others work offline.

The ID of a run or an approval may be shortened to its first characters, at least four. If several match, the command
lists them. \`last\` means the newest run that no other run started, or the newest approval that is still open.

| Exit code | Meaning |
| --- | --- |
| 0 | success |
| 1 | failure |
| 2 | wrong usage |
| 3 | Mission Control cannot be reached |
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
