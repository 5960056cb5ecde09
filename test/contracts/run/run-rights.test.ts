import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ROLES } from '../../../src/access/roles.js';
import { permits } from '../../../src/contracts/permission.js';
import {
  effectiveRights,
  RUN_RIGHTS,
  stepRightsOf,
} from '../../../src/contracts/run/run-rights.js';
import { RESOURCES } from '../../../src/language/definition/resources.js';
import { loadScriptManifests } from '../../../src/platform/library/script-manifests.js';

const SCRIPTS = join(import.meta.dirname, '../../../directives/scripts');
/** Reading the audit trail is for admins and operators alone. */
const NOT_FOR_ALL = new Set(['read:audit']);

test('a developer may do everything that a step can need, and is therefore not bounded', async () => {
  const manifests = await loadScriptManifests(SCRIPTS);
  const ofScripts = [...manifests.values()].flatMap(({ rights }) => rights);
  const ofSteps = Object.entries(RESOURCES).flatMap(([name, { verbs }]) =>
    verbs.map((verb) => `${verb}:${name}`),
  );
  const needed = [...ofScripts, ...ofSteps].filter((right) => !NOT_FOR_ALL.has(right));
  for (const right of needed) expect(RUN_RIGHTS).toContain(right);
  expect(stepRightsOf(ROLES['developer']!)).toBeNull();
  expect(stepRightsOf(ROLES['operator']!)).toBeNull();
});

test.each([
  ['a viewer', ROLES['viewer']!],
  ['a key that may only start directives', ['execute:directives']],
  ['nobody', []],
  ['all but one', RUN_RIGHTS.slice(1)],
  ['a denial', [...RUN_RIGHTS, 'deny:network:evil.example']],
])('%s is bounded', (_, rights) => {
  expect(stepRightsOf(rights)).toEqual(rights);
  expect(effectiveRights(null, rights)).toEqual(rights);
});

const scope = fc.constantFrom('a', 'ab', 'a*', '*', '**', 'b?');
const tag = fc
  .tuple(
    fc.constantFrom('read', 'write', 'execute', 'deny'),
    fc.constantFrom('filesystem', 'network', 'mcp_gateway', 'secrets', '*'),
    fc.option(scope, { nil: undefined }),
  )
  .map((parts) => parts.filter((part) => part !== undefined).join(':'));
const tags = fc.option(fc.array(tag, { maxLength: 6 }), { nil: null });
const right = fc
  .tuple(
    fc.constantFrom('read', 'write', 'execute'),
    fc.constantFrom('filesystem', 'network', 'mcp_gateway', 'secrets'),
    fc.constantFrom('a', 'ab', 'bc', 'zz'),
  )
  .map((parts) => parts.join(':'));

test('what a run may do, its speaker, its directive and its parent may all do', () => {
  fc.assert(
    fc.property(tags, tags, tags, right, (speaker, directive, parent, wanted) => {
      const ofParent = effectiveRights(parent, speaker);
      const effective = effectiveRights(effectiveRights(directive, ofParent), speaker);
      if (!permits(effective, wanted)) return;
      for (const link of [speaker, directive, parent]) expect(permits(link, wanted)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

test('a bound that is applied twice is the same bound', () => {
  fc.assert(
    fc.property(tags, tags, right, (speaker, directive, wanted) => {
      const once = effectiveRights(directive, speaker);
      expect(permits(effectiveRights(once, speaker), wanted)).toBe(permits(once, wanted));
    }),
  );
});
