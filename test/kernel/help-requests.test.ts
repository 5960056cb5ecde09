import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HelpRequests } from '../../src/kernel/help-requests.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { finishRun } from '../../src/runs/ending/finish.js';
import { insertRun } from '../observation/rows.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

let database: TestDatabase;
let requests: HelpRequests;
beforeAll(async () => {
  database = await openTestDatabase();
  requests = new HelpRequests(database.source, new Redactor());
}, 120_000);
afterAll(() => database?.close());

const open = (more: object = {}) =>
  requests.open({ kind: 'stuck', reason: 'why', about: {}, actor: 'anna', ...more });
const reader = { principal: { keyId: 'k', actor: 'anna', role: 'viewer' }, isRun: false };

test('a request of a run outlives the run, because its conversation may go on', async () => {
  await insertRun(database.source, 'ended', { status: 'running' });
  const { id, path, iteration } = await open({ run: { id: 'ended', key: 'ended:a:b:0.1' } });
  expect({ path, iteration }).toEqual({ path: 'a:b', iteration: '0.1' });
  await finishRun(database.source, 'ended', { status: 'success', result: null });
  expect(await requests.find(id, reader)).toMatchObject({ status: 'pending' });
});

test('the same call at the same time asks once', async () => {
  const run = { id: 'twice', key: 'twice:a:' };
  const asked = await Promise.all(Array.from({ length: 5 }, () => open({ run })));
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
});

test('a wait ends with its time', async () => {
  const { id } = await open();
  expect(await requests.wait(id, 1)).toMatchObject({ id, status: 'pending' });
});

test('the beginning of an id must be of one request', async () => {
  const insert = (id: string) =>
    database.source.query(
      `INSERT INTO approvals (id, kind, path, iteration, step, description, who, quorum, self_approval, form)
       VALUES ($1, 'stuck', '', '', 'help', 'd', '[]', 1, true, '{}')`,
      [id],
    );
  await insert('aaaa0000-0000-4000-8000-000000000001');
  await insert('aaaa0000-0000-4000-8000-000000000002');
  await expect(requests.find('aaaa', reader)).rejects.toMatchObject({ code: 'input_invalid' });
  await expect(requests.find('aaa', reader)).rejects.toMatchObject({ code: 'not_found' });
});
