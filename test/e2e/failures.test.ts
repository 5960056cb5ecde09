import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Instance } from '../support/instance.js';
import { whenJailed, missing } from '../tools/scripts/jailed.js';

const directive = (name: string, steps: string, permissions = '[]') => `
name: ${name}
version: 1.0.0
description: Fails
permissions: ${permissions}
steps:
${steps}
`;

let instance: Instance;

beforeAll(async () => {
  instance = await Instance.create({
    '.ai/directives/broken.yaml': directive('broken', '  - { name: sum, script: sum_up }'),
    '.ai/directives/many.yaml': directive(
      'many',
      `  - { foreach: '{{ range(0, 20) }}', item_error: continue, steps: [{ script: sum_up }] }\n  - return: '{{ result.error_count }}'`,
    ),
    '.ai/directives/away.yaml': directive(
      'away',
      `  - { name: call, script: call_out, retry: { attempts: 3, initial_seconds: 0.1, retry_on: [permission_denied] } }`,
    ),
    '.ai/scripts/sum_up.py': `def deep(order):
    return order["total"]

def execute(context, params):
    print("one")
    print("two")
    return {"sum": deep({})}
`,
    '.ai/scripts/call_out.js': `export default async () => (await fetch('https://api.example.com/')).status;`,
  });
  await instance.up();
}, 120_000);
afterAll(() => instance.remove(), 60_000);

const logsOf = (id: string) =>
  instance.query(
    'SELECT message, level, data FROM log_entries WHERE run_id = $1 ORDER BY at, seq',
    [id],
  );

it('what failed, where and how one came there is told by run, show and logs', async () => {
  const run = await instance.mission('run', 'broken');
  const told = [
    `script_error at sum: KeyError: 'total' (sum_up.py:2)`,
    '    at deep (sum_up.py:2)',
    '    at execute (sum_up.py:7)',
  ].join('\n');
  expect(run.exit).toBe(1);
  expect(run.err).toContain(told);
  const [{ id }] = await instance.query(`SELECT id FROM directive_executions`);
  expect((await instance.mission('executions', 'show', id)).out).toContain(told);
  expect((await logsOf(id)).map(({ message }) => message)).toEqual([
    'one',
    'two',
    `KeyError: 'total' (sum_up.py:2)`,
  ]);
  const { out } = await instance.mission('logs', '--execution', id);
  expect(out.trimEnd().split('\n')).toHaveLength(3);
  expect(out).toContain('{"trace":["deep (sum_up.py:2)","execute (sum_up.py:7)"]}');
}, 60_000);

it('an item that fails as it may is one line of the log', async () => {
  const run = await instance.ended(await instance.start('many'));
  expect(run).toMatchObject({ status: 'success' });
  const warnings = (await logsOf(run.id)).filter(({ level }) => level === 'warn');
  expect(warnings).toHaveLength(20);
}, 60_000);

whenJailed(`a refusal of the jail${missing}`, () => {
  it('is permission_denied at the first attempt, and on the record', async () => {
    const run = await instance.ended(await instance.start('away'));
    expect(run).toMatchObject({ status: 'error', error: { code: 'permission_denied' } });
    const [step] = await instance.query('SELECT attempt FROM execution_steps WHERE run_id = $1', [
      run.id,
    ]);
    expect(step).toEqual({ attempt: 1 });
    const said =
      'this directive has no permission to reach api.example.com:443: add `read:network:api.example.com:443` to its permissions';
    expect(run.error.message).toContain(said);
    expect((await logsOf(run.id)).map(({ message }) => message)).toEqual([said]);
    const audit = `SELECT actor, target, data FROM audit_events WHERE action = 'script.refused'`;
    expect(await instance.query(audit)).toEqual([
      {
        actor: 'operator',
        target: 'network:api.example.com:443',
        data: {
          script: 'call_out',
          permission: 'read:network:api.example.com:443',
          run_id: run.id,
          step_path: 'call',
          iteration: '',
        },
      },
    ]);
  }, 60_000);
});
