import { expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../../src/contracts/catalog.js';
import { compileDirective } from '../../../src/language/compile/compile.js';

const CATALOG = {
  scripts: new Map(),
  projectScripts: new Map(),
  mcpServers: null,
  ceilings: DEFAULT_CEILINGS,
};

test('a plan that the engine could not carry is refused', () => {
  const steps = '- set: {a: 1}\n'.repeat(14_000);
  const { plan, diagnostics } = compileDirective(
    `name: long\nversion: 1.0.0\nsteps:\n${steps}`,
    CATALOG,
  );
  expect(plan).toBeUndefined();
  expect(diagnostics).toContainEqual(
    expect.objectContaining({ code: 'too_large', hint: 'use loops, or split the directive' }),
  );
});
