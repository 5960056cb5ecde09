import { stringify } from 'yaml';
import type { Json } from '../../contracts/json/json.js';
import { LINTS } from '../text/codes.js';
import { FUNCTIONS } from '../expression/functions/functions.js';
import { ACTIONS, besideOf, KNOWN_ACTIONS } from './actions.js';
import type { ActionRule } from './action.js';
import { FUNCTION_GUIDE } from './function-guide.js';
import { DIRECTIVE } from './header.js';
import type { Keys, ValueRule } from './key.js';
import { STEP } from './step.js';
import { EXPECT, GIVEN_ERROR, GIVEN_STEP, SIGNAL, TEST, TEST_FILE } from './test-file.js';
import { code, shown } from './words.js';

/** Supplies the parts of the reference that are not in the definition. */
export interface Sources {
  /** The text of an example in `directives/examples`. */
  example(name: string): string;
  /** Value of an expression in the scope of the examples. */
  evaluate(expression: string): Json;
}

/** The reference of the language as Markdown: every key, kind of step and function. */
export function referenceOf(sources: Sources): string {
  return [
    '## Keys of a directive',
    ...keySections(sources, 'of a directive', DIRECTIVE),
    '## Keys of every step',
    ...keySections(sources, 'of a step', STEP),
    '## Kinds of step',
    kindTable(),
    ...KNOWN_ACTIONS.flatMap((action) => kindSection(sources, action, ACTIONS[action]!)),
    '## Functions',
    ...Object.entries(FUNCTION_GUIDE).map(([group, guide]) => functionTable(sources, group, guide)),
    '## Findings of `mission lint`',
    'In addition to everything that `mission validate` reports:',
    table(
      ['Code', 'Severity', 'What'],
      Object.entries(LINTS).map(([name, [severity, what]]) => [code(name), severity, what]),
    ),
  ].join('\n\n');
}

/** The reference of test files as Markdown. */
export const testReference = (): string =>
  [
    '## Keys of a file',
    keyTable(TEST_FILE),
    '## Keys of a test',
    keyTable(TEST),
    '### The answer of a step',
    keyTable(GIVEN_STEP),
    'If `error` is a map, it has these keys:',
    keyTable(GIVEN_ERROR),
    '### `signals`, and `events` (which have `data`)',
    keyTable(SIGNAL),
    '### Expectations',
    keyTable(EXPECT),
  ].join('\n\n');

/** A table of keys, followed by a section for each key with details. */
const keySections = (sources: Sources, whose: string, keys: Keys): string[] => [
  keyTable(keys),
  ...Object.entries(keys).flatMap(([key, rule]) => {
    const { details = [], examples = [] } = rule;
    const more = [
      ...mapsIn(rule).map(keyTable),
      ...details,
      ...examples.map((name) => fenced(sources.example(name))),
    ];
    return more.length > 0 ? [`### ${key}, ${whose}`, ...more] : [];
  }),
];

function kindSection(sources: Sources, action: string, rule: ActionRule): string[] {
  const { value, details = [], examples, inputs, right, timeout_seconds, result } = rule;
  const inside = mapsIn(value);
  const beside = besideOf(action);
  const facts = [
    `Value: ${shown(value)}.`,
    inputs && `With \`inputs\`: ${inputs}.`,
    right && needs(right),
    timeout_seconds && `The default of \`timeout_seconds\` is ${timeout_seconds}.`,
    result && `Result: ${result}.`,
  ].filter(Boolean);
  return [
    `### ${action}`,
    rule.description,
    facts.join(' '),
    ...inside.map(keyTable),
    ...(Object.keys(beside).length > 0 ? ['Keys next to it:', keyTable(beside)] : []),
    ...details,
    ...examples.map((name) => fenced(sources.example(name))),
  ];
}

const needs = (right: string): string =>
  `It needs the permission \`${right}\`, or \`${right}:NAME\` for a single name.`;

/** The key tables of all maps that a rule accepts. */
function mapsIn(rule: ValueRule): Keys[] {
  if (rule.type === 'map') return [rule.keys];
  if (rule.type === 'names') return mapsIn(rule.of);
  return rule.type === 'either' ? rule.of.flatMap(mapsIn) : [];
}

export const keyTable = (keys: Keys): string =>
  table(
    ['Key', 'Type', 'Default', 'Meaning', 'Example'],
    Object.entries(keys).map(([key, rule]) => [
      code(key),
      shown(rule),
      rule.required ? 'obligatory' : rule.default === undefined ? '' : code(flow(rule.default)),
      rule.description,
      rule.example === undefined ? '' : code(flow({ [key]: rule.example })),
    ]),
  );

const kindTable = (): string =>
  table(
    ['Step', 'What it does', 'Value', 'Result'],
    KNOWN_ACTIONS.map((action) => {
      const { description, value, result } = ACTIONS[action]!;
      return [`[\`${action}\`](#${action})`, description, shown(value), result];
    }),
  );

const functionTable = (
  { evaluate }: Sources,
  group: string,
  guide: Readonly<Record<string, readonly [meaning: string, example: string]>>,
): string =>
  table(
    [group, 'Meaning', 'Example', 'Gives'],
    Object.entries(guide).map(([name, [meaning, example]]) => [
      code(FUNCTIONS[name]!.usage),
      meaning,
      code(example),
      code(JSON.stringify(evaluate(example))),
    ]),
  );

const fenced = (text: string): string => `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``;

/** YAML of a value on one line, as an author would write it. */
const flow = (value: Json): string => {
  const text = stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    singleQuote: true,
  }).trim();
  return value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.keys(value).length === 1
    ? text.replace(/^\{ (.*) \}$/s, '$1')
    : text;
};

/** A Markdown table. Bars in cells are escaped, since they would end the cell. */
function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
