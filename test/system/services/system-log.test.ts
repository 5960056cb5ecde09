import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ScriptContext } from '../../../src/contracts/script.js';
import { Recorder } from '../../../src/observation/record.js';
import { SystemLog } from '../../../src/system/services/system-log.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
let log: SystemLog;
beforeAll(async () => {
  database = await openTestDatabase();
  log = new SystemLog(database.source, new Recorder(database.source));
}, 120_000);
afterAll(() => database?.close());
beforeEach(() => database.source.query('TRUNCATE alerts, log_entries, execution_steps'));

const context = (run = 'r1') =>
  ({ run_id: run, step_path: 'a', iteration: '', idempotency_key: `${run}:a:` }) as ScriptContext;
const entry = (subject: string) => ({ script: 's', subject, message: 'm', data: {} });
const rows = (sql: string) => database.source.query(sql);

test('an entry of a step that runs again is written once', async () => {
  await log.write('info', entry('x'), context());
  await log.write('info', entry('x'), context());
  expect(await rows('SELECT message FROM log_entries')).toEqual([{ message: 'm' }]);
});

test('while an alert is open there is no second one; the next one comes after its end', async () => {
  const first = await log.alertOnce('k', entry('x'), context('r1'));
  expect(await log.alertOnce('k', entry('x'), context('r2'))).toBe(first);
  expect(await log.alertOnce('k', entry('y'), context('r2'))).not.toBe(first);
  expect(await log.resolve('x')).toBe(1);
  expect(await log.alertOnce('k', entry('x'), context('r3'))).not.toBe(first);
});

test('an alert about what had stalled ends with its next sign of life, or its end', async () => {
  await rows(
    `INSERT INTO directive_executions (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, root_id)
     VALUES ('open', 'work', '1', 'h', 'manual', 'anna', '{}', 'open')`,
  );
  await log.alertOnce('thread_stalled', entry('thread:open'), context());
  expect(await log.resolveStalls()).toBe(0);
  await rows(
    `INSERT INTO execution_steps (run_id, path, name, kind, status, started_at) VALUES ('open', 'a', 'a', 'script', 'running', now() + interval '1 second')`,
  );
  expect(await log.resolveStalls()).toBe(1);
  await log.alertOnce('thread_stalled', entry('thread:open'), context('r2'));
  await rows(`DELETE FROM execution_steps`);
  expect(await log.resolveStalls()).toBe(0);
  await rows(`UPDATE directive_executions SET completed_at = now()`);
  expect(await log.resolveStalls()).toBe(1);
});

test('an anomaly is resolved when it is gone, after some minutes', async () => {
  const kept = await log.alertOnce('anomaly_volume', entry('directive:a'), context(), 'warning');
  await log.alertOnce('anomaly_volume', entry('directive:b'), context(), 'warning');
  expect(await log.resolveAnomalies([kept])).toBe(0);
  await rows(`UPDATE alerts SET created_at = now() - interval '11 minutes'`);
  expect(await log.resolveAnomalies([kept])).toBe(1);
  expect(await rows(`SELECT subject FROM alerts WHERE status = 'open'`)).toEqual([
    { subject: 'directive:a' },
  ]);
});
