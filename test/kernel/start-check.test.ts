import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refusedStart, startCheck } from '../../src/kernel/start-check.js';
import { Executor } from '../../src/kernel/execute.js';
import type { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { plan as planOf } from '../support/plans.js';
import { until } from '../support/instance.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(() => database?.close());

const start = (actor: string, rights: string[] | null) =>
  new Executor(database.source, {} as DirectiveRegistry).start({
    ...{ directive: 'x', actor, rights, triggeredBy: 'manual' },
    repeats: { plan: planOf([]) },
  });
const checksOf = (actor: string) =>
  database.source.query('SELECT * FROM permission_checks WHERE actor = $1', [actor]);

test('a start is recorded with the run', async () => {
  const { id, directive_name } = await start('ann', ['execute:directives']);
  expect(await checksOf('ann')).toMatchObject([
    {
      ...{ run_id: id, action: 'start', allowed: true, target: `directive:${directive_name}` },
      permission: `execute:directives:${directive_name}`,
      chain: [{ link: 'speaker', name: 'ann', run_id: null, allows: true }],
      reason: 'The role or the key of ann includes it.',
    },
  ]);
});

test('a start that is refused is recorded, and is no run', async () => {
  await expect(start('eve', ['execute:directives:other'])).rejects.toMatchObject({
    code: 'permission_denied',
  });
  const [check] = await until('it is recorded', async () => {
    const found = await checksOf('eve');
    return found.length > 0 ? found : undefined;
  });
  expect(check).toMatchObject({
    run_id: null,
    action: 'start',
    allowed: false,
    refused_by: 'speaker',
  });
  expect(check.reason).toContain('--right execute:directives:');
});

test('the reason says who allowed it', () => {
  const parent = { id: 'r', directive: 'above' };
  const of = (more: object) => startCheck({ actor: 'ann', ...more }).reason;
  expect(of({ rights: null })).toBe('ann may do everything.');
  expect(of({ parent })).toBe('The directive above, which runs it, may run it.');
  expect(of({ rights: [], thread: { id: 't', answer: {} } })).toContain('conversation t');
  expect(JSON.parse(startCheck({ actor: 'ann', parent }).chain)).toMatchObject([
    { link: 'speaker' },
    { link: 'parent', name: 'above', run_id: 'r' },
  ]);
  expect(refusedStart({ actor: 'ann', rights: [], thread: { id: 't', answer: {} } }, 'x')).toBe(
    undefined,
  );
});
