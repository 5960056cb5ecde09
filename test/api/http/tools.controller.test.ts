import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { insertStep, notify } from '../../observation/rows.js';
import { until } from '../../support/instance.js';
import { type TestApi, withApi } from '../support.js';

let api: TestApi;
withApi((opened) => (api = opened));
beforeAll(async () => {
  const folder = join(api.project, '.ai/directives');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'demo.yaml'),
    'name: demo\nversion: 1.0.0\ndescription: Says a word\npermissions: []\nsteps: [{ name: keep, return: 1 }]\n',
  );
});

const run = { item_type: 'directive', action: 'run', item_id: 'demo' };
const post = (verb: string, body: unknown, signal?: AbortSignal) =>
  fetch(`${api.url}/tools/${verb}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
const eventsIn = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)));

/** What a worker writes: a step of the newest run, and the run's end. */
async function carryOut(): Promise<string> {
  const row = await until('it was accepted', async () => {
    const [found] = await api.dataSource.query(
      `SELECT id FROM directive_executions WHERE status = 'pending' ORDER BY created_at DESC LIMIT 1`,
    );
    return found;
  });
  await insertStep(api.dataSource, row.id, 'keep');
  await api.dataSource.query(
    `UPDATE directive_executions SET status = 'success', result = '1', duration_ms = 7,
       completed_at = now(), xid = (pg_current_xact_id()::text)::bigint, seq = nextval('feed_seq') WHERE id = $1`,
    [row.id],
  );
  await notify(api.dataSource, row.id);
  return row.id;
}

test.each([
  ['beside the arguments', { ...run, stream: true }],
  ['among the parameters', { ...run, parameters: { stream: true } }],
])('a stream that is wanted %s tells of the run, its steps and its end', async (_, body) => {
  const answer = await post('execute', body);
  const id = await carryOut();
  const events = eventsIn(await answer.text());
  expect(events[0]).toEqual({ type: 'run', execution_id: id });
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'step', execution_id: id, path: 'keep', status: 'success' }),
  );
  expect(events.at(-1)).toMatchObject({
    type: 'result',
    result: { execution_id: id, status: 'success', result: 1 },
  });
});

test('without a stream the answer is JSON, and a verb that waits for nothing streams its answer', async () => {
  const waiting = post('execute', run);
  await carryOut();
  expect(await (await waiting).json()).toMatchObject({ status: 'success' });
  const found = await post('search', { item_type: 'directive', query: 'demo', stream: true });
  expect(eventsIn(await found.text())).toMatchObject([{ type: 'result', result: { total: 1 } }]);
});

test('what fails before anything is sent has its status; stream is a yes or no', async () => {
  const missing = await post('execute', { ...run, item_id: 'nothing', stream: true });
  expect([missing.status, ((await missing.json()) as any).error.code]).toEqual([404, 'not_found']);
  const odd = await post('execute', { ...run, stream: 'yes' });
  expect([odd.status, ((await odd.json()) as any).error.message]).toEqual([
    400,
    '"stream" must be true or false.',
  ]);
});

test('a client that goes leaves the run alone', async () => {
  const gone = new AbortController();
  const answer = await post('execute', { ...run, stream: true }, gone.signal);
  gone.abort();
  await expect(answer.text()).rejects.toThrow();
  const id = await carryOut();
  const { body } = await api.post('/tools/load', { item_type: 'execution', item_id: id });
  expect(body.metadata.status).toBe('success');
});
