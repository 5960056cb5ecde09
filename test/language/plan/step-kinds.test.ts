import { describe, expect, it } from '@jest/globals';
import { join, relative } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../../..');
const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file));
const { options, fileNames } = ts.parseJsonConfigFileContent(
  { ...config, include: ['src'] },
  ts.sys,
  ROOT,
);

/** Changes of source files, by their path: of a file that is there `[old, new]` pairs, else its text. */
type Changes = Record<string, [string, string][] | string>;

function changed(file: string, change: Changes[string]): string {
  if (typeof change === 'string') return change;
  return change.reduce(
    (text, [old, fresh]) => {
      expect(text.split(old)).toHaveLength(2);
      return text.replace(old, () => fresh);
    },
    ts.sys.readFile(join(ROOT, file))!,
  );
}

let last: ts.Program | undefined;

/** What the compiler says about the sources with these changes: `file: message`. */
function complaints(changes: Changes): string[] {
  const texts = new Map(
    Object.entries(changes).map(([file, change]) => [join(ROOT, file), changed(file, change)]),
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const known = last;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, language);
    // Libraries and sources that no test changes are read once.
    return (
      (known && !CHANGED.has(file) && known.getSourceFile(file)) ||
      getSourceFile(file, language, ...rest)
    );
  };
  const roots = [...new Set([...fileNames, ...texts.keys()])];
  const program = ts.createProgram(roots, options, host);
  last = program;
  return [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()].map(
    ({ file, messageText }) =>
      `${file && relative(ROOT, file.fileName)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  );
}

const PLAN = 'src/contracts/plan.ts';
const ACTIONS = 'src/language/definition/actions.ts';
const BUILDERS = 'src/language/compile/steps/step.ts';
const KINDS = 'src/language/plan/kinds.ts';
const RUNNERS = 'src/language/run/step-actions.ts';
const CALLS = 'src/activities/steps/step-runner.ts';

/** The same steps so and so often. */
const REPEAT: Changes = {
  [PLAN]: [
    [
      'export type CompositeStep =',
      `export interface RepeatStep extends StepCommon { kind: 'repeat'; times: number; steps: PlanStep[] }
export type CompositeStep = RepeatStep |`,
    ],
    ['export type PlanStep =', 'export type PlanStep = | RepeatStep'],
  ],
  'src/language/definition/blocks.ts': [
    [
      'export const BLOCKS = {',
      `export const BLOCKS = {
  repeat: {
    kind: 'repeat',
    description: 'The same steps so and so often.',
    value: { type: 'number' },
    result: 'that of the last time',
    examples: [],
  },`,
    ],
  ],
  'src/language/compile/steps/kinds/repeat.ts': `import { ANY_FIELDS } from '../../check/result-fields.js';
import { readNumber } from '../../fields/scalars.js';
import type { Built, StepSource } from '../base/builder.js';

export function buildRepeat({ place, common, fields, value, trace, block }: StepSource): Built {
  const times = readNumber(place.report, value, '"repeat"', {}) ?? 1;
  const body = fields.get('steps');
  const where = { path: common.path, scope: place.scope, trace };
  const steps = body ? block(body, where, '"steps"') : [];
  return { step: { ...common, kind: 'repeat', times, steps }, result: ANY_FIELDS };
}
`,
  [BUILDERS]: [
    ['const BUILDERS', "import { buildRepeat } from './kinds/repeat.js';\nconst BUILDERS"],
    ['  script: buildScript,', '  script: buildScript,\n  repeat: buildRepeat,'],
  ],
  [KINDS]: [
    [
      '  foreach: {\n',
      `  repeat: {
    ...COMPOSITE,
    bodyKeys: ['steps'],
    bodies: ({ steps }) => [['each', steps]],
    mapBodies: (step, change) => ({ ...step, steps: step.steps.map(change) }),
    cost: ({ steps }, of) => of.block(steps),
    summary: ({ times }) => \`\${times} times\`,
  },
  foreach: {
`,
    ],
  ],
  [RUNNERS]: [
    [
      '  foreach: async',
      `  repeat: async (ctx, { step: { times, steps }, place, block }) => {
    const body = new Block(block);
    for (let time = 0; time < times; time++) await ctx.runBlock(ctx, steps, body, place.iteration);
    return body.outcome(ctx.reads);
  },
  foreach: async`,
    ],
  ],
};

/** Work outside the run. */
const BEEP: Changes = {
  [PLAN]: [
    [
      'export type CallStep =',
      `export interface BeepStep extends StepCommon { kind: 'beep'; tone: Template }
export type CallStep = BeepStep |`,
    ],
    ['export type PlanStep =', 'export type PlanStep = | BeepStep'],
  ],
  'src/language/definition/calls.ts': [
    [
      'export const CALLS = {',
      `export const CALLS = {
  beep: {
    kind: 'beep',
    description: 'Makes a sound.',
    value: { type: 'text' },
    timeout_seconds: 10,
    result: 'nothing',
    examples: [],
  },`,
    ],
  ],
  'src/language/compile/steps/kinds/beep.ts': `import { NO_FIELDS } from '../../check/result-fields.js';
import { readTemplate } from '../../check/template.js';
import type { Built, StepSource } from '../base/builder.js';

export const buildBeep = ({ place, common, value }: StepSource): Built => ({
  step: { ...common, kind: 'beep', tone: readTemplate(place, value) },
  result: NO_FIELDS,
});
`,
  [BUILDERS]: [
    ['const BUILDERS', "import { buildBeep } from './kinds/beep.js';\nconst BUILDERS"],
    ['  script: buildScript,', '  script: buildScript,\n  beep: buildBeep,'],
  ],
  [KINDS]: [
    [
      '  emit: {\n',
      `  beep: {
    ...CALL,
    failure: 'internal',
    template: ({ tone }) => tone,
    label: () => 'beep',
    timeout_seconds: CALLS.beep.timeout_seconds,
    summary: ({ tone }) => shortText(tone),
  },
  emit: {
`,
    ],
  ],
  [CALLS]: [["      case 'emit':", "      case 'beep':\n        return null;\n      case 'emit':"]],
};

const CHANGED = new Set(
  [REPEAT, BEEP].flatMap((changes) => Object.keys(changes).map((file) => join(ROOT, file))),
);

describe.each([
  ['that is made of steps', 'repeat', REPEAT, [ACTIONS, BUILDERS, KINDS, RUNNERS]],
  ['that works outside the run', 'beep', BEEP, [ACTIONS, BUILDERS, KINDS, CALLS]],
] as const)('a new kind of step %s', (_, kind, changes, places) => {
  it('does not compile, and the compiler names each place that it is missing from', () => {
    const said = complaints({ [PLAN]: changes[PLAN]! });
    const files = said.map((each) => each.split(': ')[0]);
    expect([...new Set(files)].sort()).toEqual([...places].sort());
    if (kind === 'repeat') for (const each of said) expect(each).toContain(kind);
  }, 120_000);

  it('takes changes of six files', () => {
    expect(Object.keys(changes)).toHaveLength(6);
  });
});

it('with those changes both compile', () => {
  const files = [...new Set([REPEAT, BEEP].flatMap(Object.keys))];
  const both = files.map((file) => {
    const all = [REPEAT[file], BEEP[file]].filter((change) => change !== undefined);
    return [file, typeof all[0] === 'string' ? all[0] : (all.flat() as [string, string][])];
  });
  expect(complaints(Object.fromEntries(both))).toEqual([]);
}, 120_000);
