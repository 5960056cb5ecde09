import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { Execution } from '../../src/contracts/execution.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { startTestEngine, type TestEngine } from '../support/engine.js';

let engine: TestEngine;
let calls: string[] = [];

beforeAll(async () => {
  engine = await startTestEngine({
    projectScripts: {
      async run(_script, { inputs, context: { step_path, attempt } }) {
        calls.push(step_path);
        if (attempt <= Number(inputs.fails ?? 0)) {
          throw new MissionError('busy', `attempt ${attempt}`);
        }
        return { ...inputs };
      },
    },
  });
}, 120_000);
afterAll(() => engine.stop());
beforeEach(() => void (calls = []));

const work = { name: 'work', language: 'js' as const, file: '/nowhere/work.js' };
const catalog = {
  scripts: new Map(),
  projectScripts: new Map([['work', work]]),
  mcpServers: null,
  ceilings: DEFAULT_CEILINGS,
};

async function run(trace: string, hooks: string, steps: string, head = ''): Promise<Execution> {
  const text = `name: hooked
version: 1.0.0
description: d
permissions: [write:events]
trace: ${trace}
${head}
hooks:
${hooks}
steps:
${steps}`;
  const { plan, diagnostics } = compileDirective(text, catalog);
  expect(diagnostics).toEqual([]);
  return engine.run(plan!);
}

const THREE = `  - { name: a, script: work, inputs: { n: 1 } }
  - { name: b, script: work, inputs: { n: 2 } }
  - { name: c, script: work, inputs: { n: 3 } }`;

/** Fused or own: the same. */
describe.each(['auto', 'step'])('trace: %s', (trace) => {
  test('a step is left out, or begins after the hook’s own steps', async () => {
    const ended = await run(
      trace,
      `  before_step:
    - { when: "{{ step.name == 'a' }}", action: skip }
    - when: "{{ step.name == 'c' and n == 2 }}"
      steps: [{ name: look, script: work, inputs: { n: 9 } }]`,
      THREE,
    );
    expect(ended).toMatchObject({ status: 'success', result: { n: 3 } });
    expect(calls).toEqual(['b', 'c/.before_step/1/look', 'c']);
  });

  test('a hook’s steps decide; the first hook whose condition holds is asked', async () => {
    const ended = await run(
      trace,
      `  before_step:
    - when: "{{ step.kind == 'script' }}"
      steps: [{ name: choose, set: { action: "{{ step.name == 'b' ? 'skip' : 'continue' }}" } }]
    - { action: abort }`,
      THREE,
    );
    expect(ended.status).toBe('success');
    expect(calls).toEqual(['a', 'c']);
  });

  test('what has finished may fail after all, once, and its on_error goes on', async () => {
    const ended = await run(
      trace,
      `  after_step:
    - { when: "{{ result.n == 2 }}", steps: [{ name: judge, script: work, inputs: { action: fail } }] }`,
      `  - { name: a, script: work, inputs: { n: 1 } }
  - { name: b, script: work, inputs: { n: 2 }, on_error: [{ name: met, set: { code: "{{ error.code }}" } }] }
  - { name: c, script: work, inputs: { n: 3 } }
  - return: "{{ steps.met.code }}"`,
    );
    expect(ended).toMatchObject({ status: 'success', result: 'hook_failed' });
    expect(calls).toEqual(['a', 'b', 'b/.after_step/0/judge', 'c']);
  });

  test('hooks see failures before handlers do: another attempt, going on, the end', async () => {
    const hooks = `  on_error:
    - { when: "{{ step.name == 'a' and step.attempt < 3 }}", action: retry }
    - { when: "{{ step.name == 'b' }}", action: continue }
    - { when: "{{ step.name == 'd' }}", action: abort }`;
    const ended = await run(
      trace,
      hooks,
      `  - { name: a, script: work, inputs: { fails: 2, n: 1 }, retry: { attempts: 1 } }
  - { name: b, script: work, inputs: { fails: 9 }, on_error: [{ name: never, script: work }] }
  - { name: c, script: work, inputs: { fails: 9 }, on_error: [{ name: handled, script: work }] }
  - { name: d, script: work, inputs: { fails: 9 }, on_error: continue }
  - { name: e, script: work }`,
    );
    expect(ended).toMatchObject({ status: 'error', error: { code: 'busy', step: 'd' } });
    expect(calls).toEqual(['a', 'a', 'a', 'b', 'c', 'c/on_error/handled', 'd']);
  });

  test('each item and attempt is an occasion of its own', async () => {
    const ended = await run(
      trace,
      `  on_error:
    - { when: "{{ step.attempt < 3 }}", steps: [{ name: note, script: work, inputs: { action: retry } }] }`,
      `  - foreach: [0, 2]
    steps: [{ name: each, script: work, inputs: { fails: "{{ item }}", n: "{{ item }}" } }]`,
    );
    expect(ended).toMatchObject({
      status: 'success',
      result: { count: 2, items: [{ n: 0 }, { n: 2 }] },
    });
    expect(calls.filter((call) => call.endsWith('note'))).toHaveLength(2);
  });
});

test('a hook that answers what it may not fails its step; one that fails decides nothing', async () => {
  const wrong = await run(
    'auto',
    `  before_step: [{ steps: [{ set: { action: dance } }] }]`,
    THREE,
  );
  expect(wrong).toMatchObject({ error: { code: 'output_invalid', step: 'a' } });
  const broken = await run(
    'auto',
    `  on_error: [{ steps: [{ name: broken, script: work, inputs: { fails: 9 } }] }]`,
    `  - { name: a, script: work, inputs: { fails: 9 } }`,
  );
  expect(broken).toMatchObject({ error: { code: 'busy', step: 'a' } });
});

test('when a limit is met hooks are told, before anything is undone', async () => {
  const ended = await run(
    'auto',
    `  on_limit: [{ steps: [{ name: tell, script: work, inputs: { met: "{{ error.code }}" } }] }]`,
    `  - { name: a, script: work, compensate: { name: undo, script: work } }
  - { name: b, script: work }
  - { name: c, script: work, if: "{{ steps.a != null }}" }`,
    'limits: { steps: 2 }',
  );
  expect(ended).toMatchObject({ status: 'error', error: { code: 'steps_exceeded' } });
  expect(calls).toEqual(['a', 'b', '.hooks/.on_limit/0/tell', 'a/compensate/undo']);
});
