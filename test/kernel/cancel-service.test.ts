import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { CancelService } from '../../src/kernel/cancel-service.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { insertRun } from '../observation/rows.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

const SECRET = 'hunter-2-and-more';

let database: TestDatabase;
let service: CancelService;
let id: string;
let runs = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  const redactor = new Redactor();
  redactor.learn('password', SECRET);
  service = new CancelService(database.source, redactor);
}, 120_000);
afterAll(() => database?.close());

beforeEach(async () => {
  id = `run-${++runs}`;
  await insertRun(database.source, id, { status: 'running' });
});

const query = (sql: string) => database.source.query(sql, [id]);
const run = async () => (await query('SELECT * FROM directive_executions WHERE id = $1'))[0];
const orders = () =>
  query(`SELECT kind, attempts, extract(epoch FROM due_at - now())::float8 AS in_seconds FROM outbox
    WHERE run_id = $1 ORDER BY kind`);
const audit = () =>
  query(`SELECT * FROM audit_events WHERE target = 'execution:' || $1 ORDER BY id`);

test('the run is asked to end, and is ended after its grace', async () => {
  await service.cancel(id, { actor: 'ann', reason: `by mistake, ${SECRET}`, graceSeconds: 60 });
  expect(await run()).toMatchObject({
    status: 'running',
    cancel_requested: true,
    cancel_reason: 'by mistake, «secret:password»',
  });
  const [cancel, terminate] = await orders();
  expect([cancel.kind, terminate.kind]).toEqual(['cancel', 'terminate']);
  expect(cancel.in_seconds).toBeLessThanOrEqual(0);
  expect(terminate.in_seconds).toBeGreaterThan(50);
  expect(await audit()).toMatchObject([
    { actor: 'ann', action: 'execution.cancel', data: { force: false } },
  ]);
  expect(JSON.stringify(await audit())).not.toContain(SECRET);
});

test('a repetition keeps the first reason and time, and orders nothing twice', async () => {
  await service.cancel(id, { actor: 'ann', reason: 'first', graceSeconds: 60 });
  const { cancel_due_at } = await run();
  await service.cancel(id, { actor: 'bob', reason: 'second' });
  expect(await run()).toMatchObject({ cancel_reason: 'first', cancel_due_at });
  expect((await orders()).length).toBe(2);
  expect((await audit()).length).toBe(2);
});

test('a repetition with a time of its own moves the end, and one with force ends it now', async () => {
  await service.cancel(id, { actor: 'ann', graceSeconds: 60 });
  await database.source.query(`UPDATE outbox SET attempts = 3 WHERE run_id = $1`, [id]);
  await service.cancel(id, { actor: 'ann', graceSeconds: 3_600 });
  expect((await orders())[1]).toMatchObject({ attempts: 0 });
  expect((await orders())[1].in_seconds).toBeGreaterThan(3_000);
  await service.cancel(id, { actor: 'ann', force: true });
  expect((await orders())[1].in_seconds).toBeLessThanOrEqual(0);
  expect((await audit()).at(-1).data).toMatchObject({ force: true });
});

test.each([
  ['a grace and force', { graceSeconds: 5, force: true }],
  ['a grace that is too long', { graceSeconds: 30 * 86_400 + 1 }],
  ['a grace below 0', { graceSeconds: -1 }],
  ['a grace that is no number', { graceSeconds: NaN }],
])('%s is refused, and changes nothing', async (_, request) => {
  const cancelled = service.cancel(id, { actor: 'ann', ...request });
  await expect(cancelled).rejects.toMatchObject({ code: 'input_invalid' });
  expect(await run()).toMatchObject({ cancel_requested: false });
  expect(await orders()).toEqual([]);
});

test('a run that has ended, or never was, cannot be cancelled', async () => {
  await database.source.query(`UPDATE directive_executions SET status = 'error' WHERE id = $1`, [
    id,
  ]);
  await expect(service.cancel(id, { actor: 'ann' })).rejects.toMatchObject({ code: 'conflict' });
  expect(await audit()).toEqual([]);
  const unknown = service.cancel('nowhere', { actor: 'ann' });
  await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
});
