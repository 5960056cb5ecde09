import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Recorder } from '../../src/observation/record.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

const SECRET = 'hunter-2-and-more';
const MARK = '«secret:password»';

let database: TestDatabase;
let recorder: Recorder;

beforeAll(async () => {
  database = await openTestDatabase();
  const redactor = new Redactor();
  redactor.learn('password', SECRET);
  recorder = new Recorder(database.source, redactor);
}, 120_000);
afterAll(() => database?.close());

const rows = (table: string, where: string) =>
  database.source.query(`SELECT * FROM ${table} WHERE ${where}`);

test('lines are written together, each as it was said', async () => {
  await recorder.log(
    { level: 'info', message: 'first', source: 'kernel' },
    {
      level: 'error',
      message: 'second',
      source: 'script:a',
      run_id: 'r',
      step_path: 's',
      iteration: '1',
    },
  );
  await recorder.log();
  const lines = await database.source.query('SELECT * FROM log_entries ORDER BY seq');
  expect(lines).toMatchObject([
    { level: 'info', message: 'first', source: 'kernel', data: null, run_id: null },
    { level: 'error', message: 'second', run_id: 'r', step_path: 's', iteration: '1' },
  ]);
});

test('no secret is written down: in a line, in its data, in an audit row, in an alert', async () => {
  const encoded = Buffer.from(SECRET).toString('base64');
  const data = { [SECRET]: [`Bearer ${SECRET}`], encoded };
  await recorder.log({ level: 'info', message: `said ${SECRET}`, source: 'secret-test', data });
  await recorder.audit({ actor: 'ann', action: 'test.secret', target: 't', data });
  await recorder.alert({
    kind: 'secret-test',
    severity: 'info',
    message: SECRET,
    subject: 's',
    data,
  });
  const [line] = await rows('log_entries', `source = 'secret-test'`);
  const [audit] = await rows('audit_events', `action = 'test.secret'`);
  const [alert] = await rows('alerts', `kind = 'secret-test'`);
  expect(line.message).toBe(`said ${MARK}`);
  for (const row of [line, audit, alert]) {
    expect(row.data).toMatchObject({
      [MARK]: [`Bearer ${MARK}`],
      encoded: expect.stringContaining(MARK),
    });
    expect(JSON.stringify(row)).not.toContain(SECRET);
    expect(JSON.stringify(row)).not.toContain(encoded.slice(0, 16));
  }
  expect(alert.message).toBe(MARK);
});

test('NUL goes where Postgres cannot hold it, and stays in data', async () => {
  const data = { text: 'a\u0000b' };
  const message = 'a\u0000b';
  await recorder.alert({ kind: 'nul', severity: 'info', message, subject: 's', data });
  const [alert] = await database.source.query(
    `SELECT message, data::text AS data FROM alerts WHERE kind = 'nul'`,
  );
  expect([alert.message, JSON.parse(alert.data)]).toEqual(['ab', data]);
});

test('an audit row with a key is written once, and one without each time', async () => {
  for (const once of ['key', 'key', undefined, undefined]) {
    await recorder.audit({ actor: 'ann', action: 'test.once', target: 't', ...(once && { once }) });
  }
  expect((await rows('audit_events', `action = 'test.once'`)).length).toBe(3);
});

test('an alert is raised once for its key, and answers with the same id', async () => {
  const alert = { kind: 'k', severity: 'warning' as const, message: 'm', subject: 's' };
  const keyed = { ...alert, idempotency_key: 'once' };
  const id = await recorder.alert(keyed);
  expect(await recorder.alert({ ...keyed, message: 'again' })).toBe(id);
  expect(await rows('alerts', `id = '${id}'`)).toMatchObject([{ message: 'm', status: 'open' }]);
  expect(await recorder.alert(alert)).not.toBe(await recorder.alert(alert));
});
