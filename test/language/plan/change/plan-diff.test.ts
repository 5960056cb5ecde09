import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../../../../src/contracts/plan.js';
import { compileDirective } from '../../../../src/language/compile/compile.js';
import { diffPlans, isSame } from '../../../../src/language/plan/change/plan-diff.js';
import { CATALOG } from '../../catalog.js';

function plan(steps: string, head = 'permissions: []'): Plan {
  const source = `name: a\nversion: 1.0.0\ndescription: d\n${head}\nsteps:\n${steps}`;
  const { plan: made, diagnostics } = compileDirective(source, CATALOG);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return made!;
}

const OLD = plan(`
- name: first
  set: { a: 1 }
- set: { b: 2 }
- name: loop
  foreach: [1, 2]
  steps:
    - name: inside
      script: count_words
      inputs: { text: "{{ item }}", options: { deep: 1 } }
    - set: { c: 3 }
- name: last
  return: 1
`);

describe('diffPlans', () => {
  it('finds nothing between a plan and itself', () => {
    expect(isSame(diffPlans(OLD, OLD))).toBe(true);
    expect(diffPlans(OLD, OLD)).toMatchObject({ added: [], removed: [], changed: [] });
  });

  it('tells of a conversation what its author wrote', () => {
    const asks = (more: string, rest = '') =>
      plan(`- llm: { prompt: x, ${more} }${rest}`, 'permissions: [execute:models]');
    const before = asks('tools: [count_words]');
    const after = asks('tools: [count_words, backup]', '\n  timeout_seconds: 60');
    expect(diffPlans(before, after)).toMatchObject({
      added: [],
      removed: [],
      changed: [
        {
          name: 'llm_1',
          changes: [
            { key: 'timeout_seconds', before: 300, after: 60 },
            { key: 'tools', before: ['count_words'], after: ['count_words', 'backup'] },
          ],
        },
      ],
    });
  });

  it('knows steps without a name by what they do, whatever number they have', () => {
    const fresh = plan(`
- name: fresh
  set: { z: 1 }
- name: first
  set: { a: 1 }
- set: { b: 2 }
- name: loop
  foreach: [1, 2]
  steps:
    - name: inside
      script: count_words
      inputs: { options: { deep: 2 }, text: "{{ item }}" }
      retry: { attempts: 2 }
      on_error: { set: { d: 4 } }
    - set: { c: 3 }
- name: last
  return: 1
`);
    const found = diffPlans(OLD, fresh);
    expect(found.added.map(({ path }) => path)).toEqual(['fresh', 'loop/inside/on_error/set_6']);
    expect(found.removed).toEqual([]);
    expect(found.changed).toEqual([
      {
        path: 'loop/inside',
        name: 'inside',
        kind: 'script',
        changes: [
          { key: 'inputs.options.deep', before: 1, after: 2 },
          expect.objectContaining({ key: 'retry', before: null }),
        ],
      },
    ]);
  });

  it('tells moved steps from new ones, and the fewest that changed places', () => {
    const fresh = plan(`
- set: { b: 2 }
- name: first
  set: { a: 1 }
- name: inside
  script: count_words
  inputs: { text: "{{ 1 }}", options: { deep: 1 } }
- name: loop
  foreach: [1, 2]
  concurrency: 2
  steps:
    - set: { c: 3 }
`);
    const { added, removed, changed } = diffPlans(OLD, fresh);
    expect(added).toEqual([]);
    expect(removed).toEqual([{ path: 'last', name: 'last', kind: 'return' }]);
    expect(changed).toEqual([
      expect.objectContaining({ reordered: true, changes: [] }),
      {
        path: 'inside',
        name: 'inside',
        kind: 'script',
        moved_from: 'loop/inside',
        changes: [{ key: 'inputs.text', before: '{{ item }}', after: '{{ 1 }}' }],
      },
      {
        path: 'loop',
        name: 'loop',
        kind: 'foreach',
        changes: [{ key: 'concurrency', before: 1, after: 2 }],
      },
    ]);
  });

  it('compares hooks, and their steps as steps', () => {
    const hooked = (when: string, value: number) =>
      plan(
        '- set: { a: 1 }',
        `permissions: []\nhooks: { on_limit: { when: '{{ ${when} }}', steps: [{ name: tell, set: { b: ${value} } }] } }`,
      );
    expect(diffPlans(hooked('true', 1), hooked('false', 2))).toMatchObject({
      directive: [{ key: 'hooks.on_limit[0].when', before: '{{ true }}', after: '{{ false }}' }],
      added: [],
      removed: [],
      changed: [{ name: 'tell', changes: [{ key: 'values.b', before: 1, after: 2 }] }],
    });
  });

  it('compares inputs, limits, permissions and the rest of the head', () => {
    const head = (more: string) => `${more}\nlimits: { steps: 5 }\ntrace: step`;
    const old = plan('- set: { a: 1 }', 'permissions: [read:mcps]\ninputs: { n: {} }');
    const fresh = plan('- set: { a: 1 }', head('inputs: { n: { type: number }, m: {} }'));
    expect(diffPlans(old, fresh)).toMatchObject({
      directive: [{ key: 'trace', before: 'auto', after: 'step' }],
      inputs: [
        { key: 'n.type', before: null, after: 'number' },
        { key: 'm', before: null, after: { required: true } },
      ],
      limits: [{ key: 'steps', before: 1_000_000, after: 5 }],
      permissions: {
        added: ['all rights of the actor who starts the run'],
        removed: ['read:mcps'],
      },
      changed: [],
    });
  });
});
