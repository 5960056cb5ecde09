import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../support.js';
import { ask, openClient, openClientV1 } from '../clients.js';
import { endRun, newestRun, writeGreet } from '../runs-by-hand.js';

let api: TestApi;
withApi((given) => void (api = given));
beforeAll(() => writeGreet(api));
const clients: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
const open = async <Opened extends { close(): Promise<void> }>(
  opened: Promise<Opened>,
): Promise<Opened> => {
  clients.push(await opened);
  return opened;
};

const generations: [string, () => Promise<any>][] = [
  ['v2, 2026-07-28', () => openClient(api)],
  ['v2, legacy', () => openClient(api, { mode: 'legacy' })],
  ['v2, auto', () => openClient(api, { mode: 'auto' })],
  ['v1', () => openClientV1(api)],
];

test.each(generations)(
  '%s: the same four tools for everybody, and what they answer',
  async (_name, connect) => {
    const client = await open(connect());
    const { tools } = await client.listTools();
    expect(tools.map(({ name }: any) => name)).toEqual(['search', 'load', 'execute', 'help']);
    const found = await client.callTool({
      name: 'search',
      arguments: { item_type: 'directive', query: 'hello' },
    });
    expect(found.structuredContent.results[0]).toMatchObject({ id: 'greet', type: 'directive' });
    expect(JSON.parse(found.content[0].text)).toEqual(found.structuredContent);
    expect(found.isError ?? false).toBe(false);
  },
);

test.each(generations)('%s: an error is whole in its text', async (_name, connect) => {
  const client = await open(connect());
  const failed = await client.callTool({
    name: 'load',
    arguments: { item_type: 'directive', item_id: 'nothing_here' },
  });
  expect(failed.isError).toBe(true);
  expect(failed.content[0].text).toMatch(/^not_found: There is no directive nothing_here/);
  expect(failed.structuredContent.error.code).toBe('not_found');
});

test('a wrong argument is refused with those that there are', async () => {
  const { result } = await ask(api, 'tools/call', {
    name: 'search',
    arguments: { item_type: 'directiv' },
  });
  expect(result).toMatchObject({ isError: true });
  expect(result.content[0].text).toContain('did you mean "directive"?');
});

test('a run that goes on is a handle, which load waits for', async () => {
  const parameters = { inputs: { who: 'Ann' }, wait_seconds: 0 };
  const args = { item_type: 'directive', action: 'run', item_id: 'greet', parameters };
  const { result } = await ask(api, 'tools/call', { name: 'execute', arguments: args });
  const { execution_id, status, next } = result.structuredContent;
  expect([status, next.verb, next.item_id]).toEqual(['running', 'load', execution_id]);
  const waiting = ask(api, 'tools/call', {
    name: 'load',
    arguments: { item_type: 'execution', item_id: execution_id, wait_seconds: 20 },
  });
  await endRun(api, execution_id, 'success', { result: 'hello Ann' });
  const { result: loaded } = await waiting;
  expect(loaded.structuredContent).toMatchObject({
    result: 'hello Ann',
    metadata: { status: 'success' },
  });
});

test('a run that failed is a failed call', async () => {
  const args = {
    item_type: 'directive',
    action: 'run',
    item_id: 'greet',
    parameters: { inputs: { who: 'Bob' } },
  };
  const calling = ask(api, 'tools/call', { name: 'execute', arguments: args });
  const before = await newestRun(api);
  for (let id = before; ; id = await newestRun(api)) {
    const [{ inputs }] = await api.dataSource.query(
      'SELECT inputs FROM directive_executions WHERE id = $1',
      [id],
    );
    if (inputs.who !== 'Bob') continue;
    await endRun(api, id, 'error', { error: { code: 'boom', message: 'it broke' } });
    break;
  }
  const { result } = await calling;
  expect(result.isError).toBe(true);
  expect(result.content[0].text).toContain('it broke');
});

test('missing inputs are an answer that says what to do, for clients without forms', async () => {
  const args = { item_type: 'directive', action: 'run', item_id: 'greet' };
  const { result } = await ask(api, 'tools/call', { name: 'execute', arguments: args });
  expect(result.structuredContent).toMatchObject({
    missing_inputs: ['who'],
    solution: expect.any(String),
  });
});

test.each([
  ['part', 0],
  ['part', 'x'],
  ['wait_seconds', 21],
])('%s = %s is refused', async (name, value) => {
  const args = { item_type: 'directive', item_id: 'greet', [name]: value };
  const { result } = await ask(api, 'tools/call', { name: 'load', arguments: args });
  expect(result.content[0].text).toContain(`input_invalid: "${name}" must be a whole number`);
});
