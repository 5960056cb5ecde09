import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ROLES } from '../../src/access/roles.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { permits, type Permissions } from '../../src/contracts/permission.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { Library } from '../../src/platform/library/library.js';
import { startTestEngine, type TestEngine } from '../support/engine.js';

let project: string;
let engine: TestEngine;
let executor: Executor;
/** What was really done outside. */
let done: string[] = [];
let scriptsMay: (readonly string[] | null)[] = [];

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'mission-rights-'));
  mkdirSync(join(project, '.ai/directives'), { recursive: true });
  mkdirSync(join(project, '.ai/scripts'), { recursive: true });
  writeFileSync(join(project, '.ai/scripts/work.js'), '');
  const library = new Library({
    project,
    userHome: project,
    mcpServers: ['files'],
    ceilings: DEFAULT_CEILINGS,
  });
  const tools = {
    mcp: { call: async (server: string) => done.push(server) },
    projectScripts: {
      async run(_script: unknown, { permissions }: { permissions: readonly string[] | null }) {
        scriptsMay.push(permissions);
        return {};
      },
    },
  };
  engine = await startTestEngine(tools as never, library);
  const registry = new DirectiveRegistry(library, new PlanReader(engine.dataSource));
  executor = new Executor(engine.dataSource, registry);
  const write = (name: string, rest: string) =>
    writeFileSync(
      join(project, '.ai/directives', `${name}.yaml`),
      `name: ${name}\nversion: 1.0.0\ndescription: d\n${rest}`,
    );
  write(
    'calls',
    'permissions: ["execute:mcp_gateway"]\nsteps: [{ mcp: { server: files, tool: t } }]',
  );
  write('above', 'permissions: ["execute:*"]\nsteps: [{ directive: calls }]');
  write('undeclared', 'steps: [{ mcp: { server: files, tool: t } }]');
  write('tells', 'permissions: ["write:events"]\nsteps: [{ emit: paid, inputs: {} }]');
  write(
    'works',
    'permissions: ["read:filesystem:data/**", "execute:network"]\nsteps: [{ script: work }]',
  );
}, 120_000);
afterAll(async () => {
  await engine.stop();
  rmSync(project, { recursive: true });
});
beforeEach(() => {
  done = [];
  scriptsMay = [];
});

async function run(directive: string, rights: Permissions) {
  const { id } = await executor.start({ directive, actor: 'ann', rights, triggeredBy: 'manual' });
  return engine.ended(id);
}

test.each(['calls', 'above', 'undeclared', 'tells'])(
  'a key that may only start directives gets nothing else from what %s declares',
  async (directive) => {
    const { status, error } = await run(directive, ['execute:directives']);
    expect(status).toBe('error');
    const message = JSON.stringify(error);
    expect(message).toContain('permission_denied');
    expect(message).toContain('The run works for ann, whose role or key does not include it');
    expect(done).toEqual([]);
    const refused = await engine.dataSource.query(
      `SELECT DISTINCT actor, refused_by FROM permission_checks WHERE NOT allowed`,
    );
    expect(refused).toEqual([{ actor: 'ann', refused_by: 'speaker' }]);
  },
);

test.each(['calls', 'above', 'undeclared'])(
  'with the right of that server, %s calls it',
  async (name) => {
    const rights = ['execute:directives', 'execute:mcp_gateway:files'];
    expect(await run(name, rights)).toMatchObject({ status: 'success' });
    const others = ['execute:directives', 'execute:mcp_gateway:other'];
    expect(await run(name, others)).toMatchObject({ status: 'error' });
    expect(done).toEqual(['files']);
  },
);

test('the jail of a script is given what speaker and directive both allow', async () => {
  await run('works', ['execute:directives', 'read:filesystem', 'write:filesystem']);
  const [may] = scriptsMay;
  expect(permits(may!, 'read:filesystem:data/a.csv')).toBe(true);
  for (const right of [
    'read:filesystem:src/a',
    'write:filesystem:data/a',
    'execute:network:x.example',
  ])
    expect(permits(may!, right)).toBe(false);
});

test.each(['admin', 'operator', 'developer'])(
  'the role %s keeps all that directives declare',
  async (role) => {
    for (const name of ['calls', 'above', 'undeclared', 'tells'])
      expect([name, await run(name, ROLES[role]!)]).toMatchObject([name, { status: 'success' }]);
    await run('works', ROLES[role]!);
    expect(scriptsMay).toEqual([['read:filesystem:data/**', 'execute:network']]);
  },
);
