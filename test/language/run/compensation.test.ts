import { expect, test } from '@jest/globals';
import { compileDirective } from '../../../src/language/compile/compile.js';
import { MemoryEngine } from '../../support/memory-engine.js';
import { behave } from '../behave.js';
import { CATALOG } from '../catalog.js';
import { INPUTS } from '../random-plan.js';

const CALM = {
  seed: 0,
  budget: 0,
  crash: 0,
  fault: 0,
  forget: 0,
  bounds: { inline: 128 * 1024, task: 1024 * 1024, scope: 1024 * 1024, small: 8 * 1024 },
};

const composite = (step: string) => `
name: undone
version: 1.0.0
description: A step made of steps is undone
permissions: []
steps:
  - name: outer
    ${step}
    compensate:
      - if: '{{ steps.inner != null }}'
        name: knows
        script: ok
      - if: '{{ steps.inner == null }}'
        name: forgot
        script: ok
  - fail: on purpose
`;

test.each([
  ['a conditional', 'conditional: { if: "{{ true }}", then: [{ name: inner, script: ok }] }'],
  ['branches', 'parallel: [[{ name: inner, script: ok }], [{ script: ok }]]'],
])('the compensation of %s sees the results of the steps inside', async (_, step) => {
  const projectScripts = new Map([['ok', { name: 'ok', language: 'js', file: '/ok.js' } as const]]);
  const { plan, diagnostics } = compileDirective(composite(step), { ...CATALOG, projectScripts });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  for (const full of [0, 3]) {
    const engine = new MemoryEngine(plan!, behave, { ...CALM, full });
    await engine.run(INPUTS);
    const undone = engine.calls.filter((call) => call.includes('/compensate/'));
    expect(undone).toEqual(['outer/compensate/knows#~1']);
  }
});
