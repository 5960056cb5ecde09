import { describe, expect, it } from '@jest/globals';
import type { Plan, PlanStep } from '../../../src/contracts/plan.js';
import { compileDirective } from '../../../src/language/compile/compile.js';
import { estimatePlan } from '../../../src/language/plan/estimate/estimate.js';
import { planHash } from '../../../src/language/plan/plan-hash.js';
import { segmentName } from '../../../src/language/plan/steps/segment-name.js';
import { planOf, readHistory } from '../../replay/recording.js';
import { CATALOG } from '../catalog.js';

function plan(
  steps: string,
  head = 'permissions: ["execute:mcp_gateway", "read:mcps", "write:logs"]',
): Plan {
  const source = `name: a\nversion: 1.0.0\ndescription: d\n${head}\nsteps:\n${steps}`;
  const compiled = compileDirective(source, CATALOG);
  expect(compiled.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return compiled.plan!;
}

const NESTED = `
- conditional:
    if: "{{ true }}"
    then: { script: count_words, name: one, on_error: [{ set: { a: 1 } }] }
    else:
      - foreach: "{{ [1, 2] }}"
        name: loop
        steps: { mcp: { server: everything, tool: echo } }
- fail: { message: no, code: gone, data: [1] }
`;

describe('a question to a model', () => {
  const ask = (more: string) =>
    plan(
      `- { name: ask, llm: { prompt: x, ${more} } }`,
      'permissions: [execute:models, execute:mcp_gateway]',
    );

  it('costs its turns, and the calls of its tools', () => {
    const alone = estimatePlan(ask('model: fast'));
    expect(alone).toMatchObject({
      models: ['fast'],
      rights: ['execute:models'],
      activities: { planned: { usual: 1, worst: 10 * 3 } },
    });
    const tools = estimatePlan(ask('tools: [count_words, everything/echo], max_turns: 3'));
    expect(tools).toMatchObject({
      models: [],
      rights: ['execute:mcp_gateway', 'execute:models'],
      servers: ['everything'],
      scripts: ['count_words'],
      activities: { planned: { usual: 4, worst: 3 * 3 + 2 * 16 * 3 } },
    });
    expect(tools.steps.map(({ path, runs }) => `${path} ${runs}`)).toEqual([
      'ask inline',
      'ask/turn own',
      'ask/tool/count_words own',
      'ask/tool/everything_echo own',
    ]);
  });
});

describe('plans', () => {
  it('have paths, names by position and no empty keys', () => {
    const { steps } = plan(NESTED);
    const [conditional, fail] = steps as [PlanStep & { kind: 'conditional' }, PlanStep];
    expect(conditional.path).toBe('conditional_1');
    expect(conditional.then.map(({ path }) => path)).toEqual(['conditional_1/then/one']);
    expect(conditional.then[0]!.on_error).toEqual([
      {
        path: 'conditional_1/then/one/on_error/set_3',
        name: 'set_3',
        own: false,
        effect: false,
        kind: 'set',
        values: { a: 1 },
      },
    ]);
    const loop = conditional.else[0] as PlanStep & { kind: 'foreach' };
    expect([loop.path, loop.steps[0]!.path]).toEqual([
      'conditional_1/else/loop',
      'conditional_1/else/loop/mcp_5',
    ]);
    expect(fail).toEqual({
      path: 'fail_6',
      name: 'fail_6',
      own: false,
      effect: false,
      kind: 'fail',
      message: 'no',
      code: 'gone',
      data: [1],
    });
    expect(Object.isFrozen(loop.steps)).toBe(true);
  });

  const CASES: [string, string, { own: boolean; effect: boolean; timeout_seconds?: number }][] = [
    ['a light script', '- script: count_words', { own: false, effect: true, timeout_seconds: 10 }],
    [
      '10 s are light',
      '- { script: count_words, timeout_seconds: 10 }',
      { own: false, effect: true, timeout_seconds: 10 },
    ],
    [
      'more is not',
      '- { script: count_words, timeout_seconds: 10.5 }',
      { own: true, effect: true, timeout_seconds: 10.5 },
    ],
    [
      'a manifest decides',
      '- { script: reconnect_mcp, inputs: { mcp_id: a } }',
      { own: true, effect: true, timeout_seconds: 300 },
    ],
    [
      'the step beats it',
      '- { script: reconnect_mcp, inputs: { mcp_id: a }, timeout_seconds: 5 }',
      { own: false, effect: true, timeout_seconds: 5 },
    ],
    [
      'reading is no effect',
      '- script: check_mcp_health',
      { own: false, effect: false, timeout_seconds: 10 },
    ],
    [
      'mcp',
      '- mcp: { server: everything, tool: echo }',
      { own: true, effect: true, timeout_seconds: 60 },
    ],
    [
      'trace',
      '- { script: count_words, trace: step }',
      { own: true, effect: true, timeout_seconds: 10 },
    ],
    ['set', '- { set: { a: 1 }, trace: step }', { own: false, effect: false }],
    ['foreach', '- { foreach: [1], steps: { set: { a: 1 } } }', { own: false, effect: true }],
  ];
  it.each(CASES)('%s', (_, steps, expected) => {
    expect(plan(steps).steps[0]).toMatchObject(expected);
  });

  it('make project scripts with network activities of their own', () => {
    const [step] = plan(
      '- script: count_words',
      'permissions: ["execute:network:example.org"]',
    ).steps;
    expect(step!.own).toBe(true);
    expect(plan('- script: count_words', 'permissions: ["deny:network"]').steps[0]!.own).toBe(
      false,
    );
  });

  it('trace what is inside a traced step, unless it says otherwise', () => {
    const steps = `
- trace: step
  foreach: [1]
  steps:
    - script: count_words
    - conditional: { if: true, then: [{ script: count_words }, { script: count_words, trace: auto }] }
`;
    const [loop] = plan(steps).steps as [PlanStep & { kind: 'foreach' }];
    const [script, conditional] = loop.steps as [PlanStep, PlanStep & { kind: 'conditional' }];
    expect([loop.own, script.own, conditional.own]).toEqual([false, true, false]);
    expect(conditional.then.map(({ own }) => own)).toEqual([true, false]);
  });

  it('fill in limits, retry and foreach', () => {
    const made = plan(
      '- { foreach: things, steps: { script: count_words, retry: { attempts: 5, retry_on: [timeout] } } }'.replace(
        'things',
        '[1]',
      ),
      'limits: { steps: 5 }',
    );
    expect(made.limits).toMatchObject({
      steps: 5,
      iterations: 1_000_000,
      duration_seconds: 86_400,
    });
    expect(made.permissions).toBeNull();
    expect(made.steps[0]).toMatchObject({ concurrency: 1, item_error: 'fail', items: [1] });
    const [{ steps }] = made.steps as [PlanStep & { kind: 'foreach' }];
    expect(steps[0]!.retry).toEqual({
      attempts: 5,
      initial_seconds: 1,
      factor: 2,
      maximum_seconds: 60,
      jitter: true,
      retry_on: ['timeout'],
    });
  });

  it('have a hash that follows their content', () => {
    const one = plan('- set: { a: 1, b: 2 }');
    expect(planHash(one)).toMatch(/^[0-9a-f]{64}$/);
    expect(planHash(JSON.parse(JSON.stringify(one)) as Plan)).toBe(planHash(one));
    expect(planHash(plan('- set: { a: 1, b: 3 }'))).not.toBe(planHash(one));
    expect(planHash(plan('- set: { b: 2, a: 1 }'))).not.toBe(planHash(one));
  });
});

describe('segment names', () => {
  const named = (names: string[]): PlanStep[] =>
    names.map((name) => ({ path: name, name, own: false, effect: false, kind: 'set', values: {} }));

  it('list the steps in at most 200 characters', () => {
    expect(segmentName(named(['fetch', 'analyse']))).toBe('steps fetch, analyse');
    const long = segmentName(
      named(Array.from({ length: 90 }, (_, at) => `a_rather_long_name_${at}`)),
    );
    expect(long.length).toBeLessThanOrEqual(200);
    expect(long).toMatch(/^steps a_rather_long_name_0, .* and \d+ more$/);
  });

  it('never equal a registered activity', () => {
    expect(segmentName(named(['default']))).not.toBe('default');
  });
});

describe('secrets', () => {
  it('and the rights to them are listed', () => {
    const { plan: made } = compileDirective(
      `name: t
version: 1.0.0
inputs:
  key: { type: string, format: secret, default: secret://c }
steps:
  - mcp: { server: files, tool: read, arguments: { token: secret://b, page: 'x secret://no' } }
  - script: count_words
    inputs: { deep: [{ a: secret://a }], again: secret://b }
`,
      CATALOG,
    );
    const { secrets, rights } = estimatePlan(made!, CATALOG);
    expect(secrets).toEqual(['a', 'b', 'c']);
    expect(rights).toEqual(['execute:mcp_gateway', 'read:secrets:a', 'read:secrets:b']);
  });
});

describe('estimates', () => {
  it('multiply lanes that are inside each other, and stay within the limits', () => {
    const nested = plan(
      `
- foreach: "{{ [1] }}"
  concurrency: 4
  steps:
    - parallel:
        - foreach: [1, 2]
          concurrency: 50
          steps: { script: count_words, timeout_seconds: 60, retry: { attempts: 5 } }
        - directive: notify
        - mcp: { server: everything, tool: echo }
`,
      'permissions: [execute:directives, "execute:mcp_gateway"]\nlimits: { steps: 1000 }',
    );
    const { lanes, activities, child_runs, directives, history_events } = estimatePlan(nested);
    expect(lanes).toBe(4 * (2 + 1 + 1));
    expect(directives).toEqual(['notify']);
    expect(activities.planned).toEqual({ usual: 1000, worst: 5000 });
    expect(child_runs).toEqual({ usual: 1000, worst: 5000 });
    expect(history_events.planned).toEqual({ usual: 11_000, worst: 55_000 });
  });

  it('count what hooks touch, too', () => {
    const { rights, servers, activities } = estimatePlan(
      plan(
        '- script: count_words',
        'permissions: ["execute:mcp_gateway"]\nhooks: { on_error: { steps: [{ mcp: { server: files, tool: x } }, { set: { action: fail } }] } }',
      ),
    );
    expect(rights).toEqual(['execute:mcp_gateway']);
    expect(servers).toEqual(['files']);
    expect(activities.planned.usual).toBe(1);
    expect(activities.planned.worst).toBeGreaterThan(3);
  });

  /** Of those that have no loop without a bound, and are not stopped. */
  it.each(['light-steps', 'large-values', 'messages', 'parallel', 'own-steps', 'undone'])(
    'are near the events that a run had: %s',
    (kind) => {
      const { usual, worst } = estimatePlan(planOf(kind)).history_events.planned;
      const events = readHistory(kind).events!.length;
      expect(events).toBeLessThanOrEqual(worst);
      expect(usual / events).toBeGreaterThan(1 / 3);
      expect(usual / events).toBeLessThan(2);
    },
  );

  it('count activities in both shapes, time, rights and servers', () => {
    const made = plan(`
- script: check_mcp_health
- set: { a: 1 }
- mcp: { server: everything, tool: echo }
  retry: { attempts: 2, initial_seconds: 5 }
- foreach: healthy_mcps
  max_iterations: 10
  concurrency: 5
  steps: [{ script: count_words, retry: { attempts: 1 } }]
- conditional:
    if: "{{ count > 1 }}"
    then: { script: log_recovery, inputs: { mcp_id: a, message: b }, retry: { attempts: 1 } }
`);
    const estimate = estimatePlan(made, CATALOG);
    const { steps, rights, servers, activities, worst_seconds } = estimate;
    expect(steps.map(({ name, runs, depth }) => [name, runs, depth])).toEqual([
      ['script_1', 'fused', 0],
      ['set_2', 'fused', 0],
      ['mcp_3', 'own', 0],
      ['foreach_4', 'fused', 0],
      ['script_5', 'fused', 1],
      ['conditional_6', 'fused', 0],
      ['script_7', 'fused', 1],
    ]);
    expect(rights).toEqual(['execute:mcp_gateway', 'read:mcps', 'write:logs']);
    expect(servers).toEqual(['everything']);
    expect(activities.planned).toEqual({ usual: 3, worst: 6 });
    expect(activities.traced).toEqual({ usual: 1 + 1 + 1 + 10 + 1, worst: 3 + 1 + 2 + 10 + 1 });
    expect(worst_seconds).toBe(3 * 10 + 1 + 2 + (2 * 60 + 5) + 2 * 10 + 10);
    expect(estimate).toMatchObject({
      scripts: ['count_words'],
      directives: [],
      child_runs: { usual: 0, worst: 0 },
      lanes: 5,
      history_events: { planned: { usual: 5 + 2 * 4 + 6, worst: 5 + 2 * 4 + 2 * 9 + 6 + 11 } },
    });
  });
});
