import { beforeAll, expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../support.js';
import { ask } from '../clients.js';
import { endRun, writeGreet } from '../runs-by-hand.js';

let api: TestApi;
withApi((given) => void (api = given), { settings: { directivesAsTools: true } });
beforeAll(() => writeGreet(api));

test('each directive is a tool with the schema of its inputs, after the verbs and in order', async () => {
  const { result } = await ask(api, 'tools/list');
  const names = result.tools.map(({ name }: any) => name);
  expect(names.slice(0, 4)).toEqual(['search', 'load', 'execute', 'help']);
  expect(names.slice(4)).toEqual([...names.slice(4)].sort());
  expect(result.tools.find(({ name }: any) => name === 'greet')).toMatchObject({
    description: 'Runs the directive greet. Says hello',
    inputSchema: {
      type: 'object',
      properties: {
        who: { type: 'string', description: 'The person' },
        times: { type: 'integer', default: 1 },
      },
      required: ['who'],
    },
  });
});

test('calling it runs the directive with these inputs', async () => {
  const calling = ask(api, 'tools/call', { name: 'greet', arguments: { who: 'Ann' } });
  let rows: any[] = [];
  while (rows.length === 0)
    rows = await api.dataSource.query('SELECT id, inputs FROM directive_executions');
  await endRun(api, rows[0].id, 'success', { result: 'hello Ann' });
  expect((await calling).result.structuredContent.result).toBe('hello Ann');
  expect(rows[0].inputs).toMatchObject({ who: 'Ann' });
});
