import fc from 'fast-check';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import type { Hooks, Plan, PlanStep, RetryPolicy } from '../../src/contracts/plan.js';
import { COMES } from './outside.js';

/** A step without its path and its name: those depend on where it stands. */
type Draft = Record<string, unknown> & { kind: PlanStep['kind'] };

const NAMES = Array.from({ length: 12 }, (_, at) => `s${at}`);

const VALUES = [
  '{{ result }}',
  '{{ result.n }}',
  '{{ n }}',
  '{{ m }}',
  '{{ inputs.a }}',
  '{{ inputs.list }}',
  '{{ inputs.big }}',
  '{{ item }}',
  '{{ index }}',
  '{{ steps }}',
  '{{ error.code }} at {{ error.attempt }}',
  '{{ error }}',
  '{{ ok_count }} {{ bad_count }}',
  '{{ items }}',
  '{{ errors }}',
  '{{ count }}',
  'text {{ result }} and {{ item }}',
  '{{ text }}',
  '{{ status }}',
  '{{ uuid() }}',
  7,
  null,
  'plain',
  ...NAMES.flatMap((name) => [`{{ steps.${name} }}`, `{{\nsteps.${name}.n }}`]),
];
const ODD_VALUES = ['{{ n + 1 }}', '{{ 1 / index }}', '{{ len(text) }}'];
const ODD_CONDITIONS = ['{{ 5 }}', '{{ n > 1 }}', '{{ null }}', '{{ false }}'];
const CONDITIONS = [
  '{{ true }}',
  '{{ default(n, 0) > 1 }}',
  '{{ index == 1 }}',
  '{{ default(index, 0) % 2 == 0 }}',
  '{{ result == null }}',
  '{{ ok_count == 0 }}',
  '{{ steps.s1 != null }}',
];
const HOOK_CONDITIONS = [
  '{{ step.name == "s1" }}',
  '{{ step.name == "s3" and step.attempt < 3 }}',
  '{{ step.kind == "foreach" }}',
  '{{ step.kind == "script" and default(n, 0) == 2 }}',
  '{{ default(result.n, 0) == 3 }}',
  '{{ default(index, 0) == 1 }}',
];
const TURNS = [
  '{{ default(n, 0) < 2 }}',
  '{{ n != 3 }}',
  '{{ result.n != 1 }}',
  '{{ default(len(string(steps)), 0) < 300 }}',
  '{{ now() == "" or default(m, 0) != 7 }}',
];
const LISTS: Json[] = [
  '{{ range(0, 3) }}',
  '{{ range(0, 2) }}',
  '{{ range(0, 5) }}',
  '{{ inputs.list }}',
  '{{ inputs.rows }}',
  '{{ now() == "" ? [1] : [2, 3] }}',
  [1, '{{ result }}', { n: 2 }],
];
const ODD_LISTS: Json[] = ['{{ items }}', '{{ null }}', '{{ list }}', '{{ result }}'];
const SCRIPTS = ['ok', 'ok', 'ok', 'big', 'pure', 'late'];
const FAILING = ['bad', 'first', 'second', 'flip', 'never'];

const maybe = <T>(arbitrary: fc.Arbitrary<T>, percent = 25): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { weight: 100 - percent, arbitrary: fc.constant(undefined) },
    { weight: percent, arbitrary },
  );

/** The first of them are likelier. */
const mostly = <T>(usual: T[], others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const retry: fc.Arbitrary<RetryPolicy> = fc.record(
  {
    attempts: fc.integer({ min: 1, max: 4 }),
    initial_seconds: fc.constantFrom(0, 1),
    factor: fc.constantFrom(1, 2),
    maximum_seconds: fc.constant(5),
    jitter: fc.boolean(),
    retry_on: fc.constantFrom(['script_error'], ['timeout', 'odd'], ['expression_error']),
    abort_on: fc.constantFrom(['odd'], ['script_error']),
  },
  { requiredKeys: ['attempts', 'initial_seconds', 'factor', 'maximum_seconds', 'jitter'] },
);

const value = fc.oneof(
  { weight: 19, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_VALUES) },
);
const values = fc.dictionary(fc.constantFrom('n', 'm', 'status', 'x'), value, {
  maxKeys: 2,
  noNullPrototype: true,
});

const call = fc.record({
  kind: fc.constant('script' as const),
  script: fc.constantFrom('ok', 'pure', 'first', 'bad'),
  own: fc.boolean(),
  inputs: values,
  retry: maybe(retry),
  on_error: maybe(fc.constant('continue')),
});
const few = fc.array(call, { minLength: 1, maxLength: 2 });

/** What undoes a step, or is always done: nothing there ends the run. */
const calls: fc.Arbitrary<Draft[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: call },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('set' as const), values }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('conditional' as const),
        test: fc.constantFrom(...CONDITIONS),
        then: few,
        else: few,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('foreach' as const),
        items: fc.constantFrom(...LISTS),
        steps: few,
        concurrency: fc.constant(1),
        item_error: fc.constantFrom('fail' as const, 'continue' as const),
      }),
    },
  ) as fc.Arbitrary<Draft>,
  { minLength: 1, maxLength: 2 },
);

const { step } = fc.letrec<{ step: Draft; steps: Draft[] }>((tie) => {
  const steps = fc.array(tie('step'), { minLength: 1, maxLength: 3, depthIdentifier: 'plan' });
  const common = {
    if: maybe(mostly(CONDITIONS, ODD_CONDITIONS)),
    retry: maybe(retry),
    on_error: maybe(fc.oneof(fc.constant('continue'), steps)),
    compensate: maybe(calls, 10),
  };
  const ending = { if: maybe(fc.constantFrom(...CONDITIONS), 80) };
  return {
    steps,
    step: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true, depthIdentifier: 'plan' },
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('script' as const),
          script: mostly(SCRIPTS, FAILING),
          own: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()),
          inputs: values,
          ...common,
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('set' as const), values, ...common }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('conditional' as const),
          test: mostly(CONDITIONS, ODD_CONDITIONS),
          then: steps,
          else: fc.oneof(fc.constant([]), steps),
          ...common,
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('foreach' as const),
          items: mostly(LISTS, ODD_LISTS),
          steps,
          concurrency: fc.constantFrom(1, 1, 1, 2, 3),
          max_iterations: maybe(fc.integer({ min: 1, max: 4 }), 10),
          key: maybe(fc.constantFrom<Json>('{{ item }}', '{{ index }}', 'k {{ item.n }}')),
          item_error: fc.constantFrom('fail' as const, 'continue' as const),
          ...common,
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('while' as const),
          test: mostly(TURNS, ODD_CONDITIONS),
          steps,
          max_iterations: fc.integer({ min: 1, max: 4 }),
          ...common,
        }),
      },
      {
        weight: 2,
        arbitrary: fc
          .record({
            kind: fc.constant('parallel' as const),
            branches: fc.array(steps, { minLength: 1, maxLength: 3 }),
            fewer: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat({ max: 2 })),
            ...common,
          })
          .map(({ fewer, ...draft }) => ({
            ...draft,
            wait_for: Math.max(1, draft.branches.length - fewer),
          })),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('wait' as const),
          duration_seconds: mostly<Json>([0, 0.2, '{{ 1 }}'], [-1, '{{ "x" }}', '{{ null }}']),
          timeout_seconds: maybe(fc.constantFrom(0.1, 5)),
          ...common,
        }),
      },
      {
        weight: 2,
        arbitrary: fc
          .record({
            kind: fc.constant('wait' as const),
            what: fc.constantFrom<JsonObject>(
              { signal: COMES },
              { signal: `{{ "${COMES}" }}` },
              { event: COMES, match: { n: '{{ inputs.a }}' } },
              { until: '2020-01-31T12:00:00Z' },
              { signal: 'never', timeout_seconds: 0.3 },
              { event: 'never', timeout_seconds: 0.3 },
            ),
            ...common,
          })
          .map(({ what, ...draft }) => ({ ...draft, ...what })),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('approve' as const),
          who: mostly<Json>(['somebody', '{{ "somebody" }}'], ['{{ 5 }}']),
          quorum: fc.constant(1),
          form: fc.constant({}),
          self_approval: fc.boolean(),
          expiry_seconds: fc.constantFrom(0.3, 1),
          ...common,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('emit' as const),
          event: fc.constantFrom<Json>('news', '{{ "news" }}'),
          own: fc.boolean(),
          inputs: values,
          ...common,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('directive' as const),
          directive: mostly(SCRIPTS, FAILING),
          inputs: values,
          ...common,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('llm' as const),
          request: fc.record({ prompt: value }),
          tools: fc.uniqueArray(fc.constantFrom(...SCRIPTS, ...FAILING), { maxLength: 3 }),
          max_turns: fc.integer({ min: 1, max: 4 }),
          ...common,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('return' as const),
          value: fc.constantFrom(...VALUES),
          ...ending,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('fail' as const),
          message: fc.constantFrom('broken', '{{ result }}', 'at {{ index }}'),
          code: maybe(fc.constantFrom('odd', '{{ "even" }}')),
          data: maybe(fc.constantFrom(...VALUES)),
          ...ending,
        }),
      },
    ) as fc.Arbitrary<Draft>,
  };
});

/** Reactions to all steps: none retries for ever, since each answer is bounded. */
const hook = (answers: string[]) =>
  fc.record(
    {
      when: mostly(HOOK_CONDITIONS, ODD_CONDITIONS),
      what: fc.oneof(
        fc.constantFrom(...answers).map((action) => ({ action })),
        fc.tuple(few, fc.constantFrom<Json>(...answers, null, '{{ result.n }}')),
      ),
    },
    { requiredKeys: ['when', 'what'] },
  );

type DraftHook = { when: Json; what: { action: string } | [Draft[], Json] };

const hooks = fc.record(
  {
    before_step: fc.array(hook(['continue', 'skip', 'skip', 'fail', 'abort']), { maxLength: 2 }),
    after_step: fc.array(hook(['continue', 'continue', 'fail', 'abort']), { maxLength: 2 }),
    on_error: fc.array(hook(['retry', 'continue', 'skip', 'fail', 'abort']), { maxLength: 2 }),
    on_limit: fc.array(
      few.map((steps): DraftHook => ({ when: true, what: [steps, null] })),
      { maxLength: 1 },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, DraftHook[]>>;

/** A turn, and a call for each tool, as the compiler makes them. */
const conversation = (draft: Draft, path: string, name: string): Record<string, unknown>[] => {
  const common = { own: true, effect: true, timeout_seconds: 10 };
  const policy = draft.retry === undefined ? {} : { retry: draft.retry };
  const turn = { ...common, ...policy, kind: 'turn', path: `${path}/turn`, name: `${name}.turn` };
  const calls = (draft.tools as string[]).map((script) => ({
    ...common,
    ...{ path: `${path}/tool/${script}`, name: `${name}.tool.${script}` },
    ...{ kind: 'script', script, system: false, inputs: '{{ arguments }}' },
  }));
  return [turn, ...calls];
};

/** Any plan of a few steps, as the compiler could make it. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    drafts: fc.array(step, { minLength: 2, maxLength: 5 }),
    steps: fc.oneof(
      { weight: 4, arbitrary: fc.constant(100_000) },
      fc.integer({ min: 1, max: 40 }),
    ),
    iterations: fc.oneof(
      { weight: 6, arbitrary: fc.constant(100_000) },
      fc.integer({ min: 1, max: 12 }),
    ),
    concurrency: fc.constantFrom(1000, 1000, 2),
    tokens: maybe(fc.integer({ min: 1, max: 150 }), 15),
    spawns: fc.oneof({ weight: 5, arbitrary: fc.constant(1000) }, fc.integer({ min: 1, max: 4 })),
    always: maybe(calls, 15),
    hooks: maybe(hooks, 20),
  })
  .map(({ drafts, always, hooks, tokens, ...counted }) => {
    const limits = { ...counted, ...(tokens !== undefined && { tokens }) };
    let named = 0;
    const name = () => (named < NAMES.length ? NAMES[named++]! : `t${named++}`);
    const list = (all: Draft[], under: string): PlanStep[] => all.map((draft) => one(draft, under));
    const one = (draft: Draft, under: string): PlanStep => {
      const own = { name: name() };
      const path = under === '' ? own.name : `${under}/${own.name}`;
      const defined = Object.entries(draft).filter(([, value]) => value !== undefined);
      const built: Record<string, unknown> = {
        ...Object.fromEntries(defined),
        ...own,
        path,
        own: draft.own ?? ['wait', 'approve', 'parallel', 'directive'].includes(draft.kind),
        effect: draft.kind === 'emit' || (draft.kind === 'script' && draft.script !== 'pure'),
      };
      if (draft.kind === 'script') Object.assign(built, { system: false, timeout_seconds: 10 });
      if (draft.kind === 'emit') built.timeout_seconds = 10;
      if (draft.kind === 'foreach' || draft.kind === 'while')
        built.steps = list(draft.steps as Draft[], path);
      if (draft.kind === 'llm') {
        delete built.retry;
        built.steps = conversation(draft, path, own.name);
      }
      if (draft.kind === 'parallel') {
        built.branches = (draft.branches as Draft[][]).map((branch, at) =>
          list(branch, `${path}/${at}`),
        );
      }
      if (draft.kind === 'conditional') {
        built.then = list(draft.then as Draft[], `${path}/then`);
        built.else = list(draft.else as Draft[], `${path}/else`);
      }
      if (draft.compensate) {
        built.compensate = list(draft.compensate as Draft[], `${path}/compensate`);
      }
      if (Array.isArray(draft.on_error)) {
        built.on_error = list(draft.on_error as Draft[], `${path}/on_error`);
      }
      return built as unknown as PlanStep;
    };
    const hookOf = ({ when, what }: DraftHook, below: string) => {
      if (!Array.isArray(what)) return { when, ...what };
      const [steps, action] = what;
      const answer = { kind: 'set' as const, values: { action } };
      return { when, steps: list([...steps, ...(action === null ? [] : [answer])], below) };
    };
    const built = list(drafts, '');
    const reactions = Object.entries(hooks ?? {}).map(([moment, all]) => [
      moment,
      all.map((each, at) => hookOf(each, `.hooks/.${moment}/${at}`)),
    ]);
    return {
      version: 1,
      name: 'random',
      directive_version: '1.0.0',
      inputs: {},
      permissions: null,
      // Chaos turns the clock fast: what follows the steps has a tenth of that.
      limits: { ...DEFAULT_CEILINGS, duration_seconds: 1_000_000, ...limits },
      trace: 'auto',
      steps: built,
      ...(hooks ? { hooks: Object.fromEntries(reactions) as Hooks } : {}),
      ...(always ? { always: list(always, '.always') } : {}),
    } satisfies Plan;
  });

/** What the plans above are given. */
export const INPUTS: JsonObject = {
  a: 3,
  list: ['x', { n: 5, status: 'ok' }],
  rows: Array.from({ length: 4 }, (_, n) => ({ n, text: 'row '.repeat(20) })),
  big: 'large '.repeat(30),
};
