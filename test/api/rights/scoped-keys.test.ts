import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../support.js';

const RIGHTS = [
  'read:executions',
  'read:directives',
  'execute:directives:allowed',
  'execute:mcp_gateway:files',
  'write:executions:rerun',
];
const DIRECTIVE = (name: string) =>
  `name: ${name}\nversion: 1.0.0\ndescription: d\npermissions: []\nsteps: [{ set: { a: 1 } }]\n`;

let api: TestApi;
let key: string;
withApi((opened) => void (api = opened));
beforeAll(async () => {
  mkdirSync(join(api.project, '.ai/directives'), { recursive: true });
  mkdirSync(join(api.project, '.ai/scripts'), { recursive: true });
  writeFileSync(join(api.project, '.ai/scripts/work.js'), '');
  for (const name of ['allowed', 'other'])
    writeFileSync(join(api.project, '.ai/directives', `${name}.yaml`), DIRECTIVE(name));
  const { data } = await api.graphql(
    `mutation ($rights: [String!]) { setUser(name: "ci", role: "developer") { name }
      createApiKey(user: "ci", rights: $rights) { key } }`,
    { rights: RIGHTS },
  );
  key = data.createApiKey.key;
});

const graphql = async (query: string) =>
  (
    await api.request('/graphql', {
      method: 'POST',
      key,
      body: JSON.stringify({ query }),
      headers: { 'content-type': 'application/json' },
    })
  ).body;
const codeOf = ({ errors, error }: any): string => (errors?.[0].extensions ?? error)?.code;
const rightsOf = async (id: string) =>
  (await api.dataSource.query('SELECT rights FROM directive_executions WHERE id = $1', [id]))[0]
    .rights;

test('the rights of a key are kept with what it starts, also with a source of its own', async () => {
  const source = JSON.stringify(DIRECTIVE('allowed'));
  for (const which of ['directive: "allowed"', `directive: "x", source: ${source}`]) {
    const { data } = await graphql(`mutation { startExecution(${which}) { id } }`);
    expect((await rightsOf(data.startExecution.id)).sort()).toEqual([...RIGHTS].sort());
  }
  const named = JSON.stringify(DIRECTIVE('other'));
  expect(
    codeOf(
      await graphql(`mutation { startExecution(directive: "allowed", source: ${named}) { id } }`),
    ),
  ).toBe('permission_denied');
});

/** A run of the operator's that has ended. */
async function endedRun(directive: string): Promise<string> {
  const { data } = await api.graphql(
    `mutation { startExecution(directive: "${directive}") { id } }`,
  );
  const { id } = data.startExecution;
  await api.dataSource.query(
    `UPDATE directive_executions SET status = 'success', completed_at = now() WHERE id = $1`,
    [id],
  );
  return id;
}

test('many re-runs at once have the rights of who asks for them, and no more', async () => {
  await endedRun('allowed');
  const { data } = await graphql(
    'mutation { rerunExecutions(filter: { directiveName: "allowed" }) { done { startedId } } }',
  );
  const [{ startedId }] = data.rerunExecutions.done;
  expect((await rightsOf(startedId)).sort()).toEqual([...RIGHTS].sort());
  const other = await endedRun('other');
  const again = await graphql(`mutation { rerunExecution(id: "${other}") { id } }`);
  expect(codeOf(again)).toBe('permission_denied');
});

test('a tool of another MCP server is not called', async () => {
  const call = (server: string) =>
    graphql(`mutation { callMcpTool(server: "${server}", tool: "t") }`);
  expect(codeOf(await call('prod'))).toBe('permission_denied');
  expect(codeOf(await call('files'))).toBe('unavailable');
});

test('a script is not run as a tool by a key that may only start other directives', async () => {
  const body = { item_type: 'tool', action: 'run', item_id: 'work', parameters: {} };
  const { status, body: answer } = await api.request('/tools/execute', {
    method: 'POST',
    key,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  expect([status, codeOf(answer)]).toEqual([403, 'permission_denied']);
  expect(answer.error.message).toContain('execute:directives:tool_work');
});
