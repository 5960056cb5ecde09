import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Plan } from '../../src/contracts/plan.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { planHash } from '../../src/language/plan/plan-hash.js';
import { CATALOG } from '../language/catalog.js';
import { insertRun, insertStep } from '../observation/rows.js';
import { type TestApi, withApi } from '../api/support.js';

let api: TestApi;
withApi((opened) => (api = opened));

const text = (name: string, version: string, steps: string) =>
  `name: ${name}\nversion: ${version}\ndescription: d\npermissions: [execute:mcp_gateway, execute:directives]\nsteps:\n${steps}`;

const directives = new Map([
  ['report', { name: 'report', version: '1.0.0', inputs: {}, calls: [] }],
]);

/** A plan that runs are pinned to. */
async function store(source: string): Promise<string> {
  const { plan, diagnostics } = compileDirective(source, { ...CATALOG, directives });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { name, directive_version } = plan as Plan;
  await api.dataSource.query(
    'INSERT INTO directive_plans (hash, name, directive_version, plan, source) VALUES ($1, $2, $3, $4, $5)',
    [planHash(plan!), name, directive_version, JSON.stringify(plan), source],
  );
  return planHash(plan!);
}

const OLD = `
  - { name: count, script: count_words }
  - { name: ask, approve: {} }
  - { name: hear, wait: { signal: go } }
  - { name: tell, mcp: { server: files, tool: x } }`;

const VALIDATE = `query ($source: String!) { validateDirective(source: $source) {
  valid impact { code severity message runs }
  estimate { rights servers lanes activities { usual worst } childRuns { worst } historyEvents { usual } worstSeconds } } }`;

test('an edit is told what it means for runs that are under way', async () => {
  const old = await store(text('report', '1.0.0', OLD));
  const caller = await store(
    text('deploy', '3.0.0', '  - { name: sub, directive: report@^1.0.0 }'),
  );
  const run = (id: string, directive_name: string, plan_hash: string, status: string) =>
    insertRun(api.dataSource, id, {
      directive_name,
      directive_version: '1.0.0',
      plan_hash,
      status,
    });
  await run('r1', 'report', old, 'running');
  await run('r2', 'report', old, 'paused');
  await run('r3', 'report', old, 'success');
  await run('d1', 'deploy', caller, 'running');
  await insertStep(api.dataSource, 'r1', 'ask', {
    name: 'ask',
    kind: 'approve',
    status: 'waiting',
  });
  await insertStep(api.dataSource, 'r2', 'hear', { name: 'hear', kind: 'wait', status: 'waiting' });
  const folder = join(api.project, '.ai/directives');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.yaml'), text('report', '1.0.0', '  - set: { a: 1 }'));
  await writeFile(
    join(folder, 'weekly.yaml'),
    text('weekly', '1.0.0', '  - { name: one, directive: report@1.x }'),
  );

  const source = text(
    'report',
    '2.0.0',
    '  - { name: hear, wait: { signal: go } }\n  - { mcp: { server: everything, tool: x } }',
  );
  const { data } = await api.graphql(VALIDATE, { source });
  const { impact, estimate, valid } = data.validateDirective;
  expect(valid).toBe(true);
  expect(estimate).toEqual({
    rights: ['execute:mcp_gateway'],
    servers: ['everything'],
    lanes: 1,
    activities: { usual: 1, worst: 3 },
    childRuns: { worst: 0 },
    historyEvents: { usual: 5 + 8 + 6 },
    worstSeconds: 86_400,
  });
  expect(impact.map(({ code, severity, runs }: any) => [code, severity, runs])).toEqual([
    ['live_runs', 'info', 2],
    ['live_wait', 'warning', 1],
    ['live_wait', 'info', 1],
    ['range_left', 'warning', 1],
    ['range_left', 'warning', 0],
    ['script_gone', 'warning', 2],
    ['server_gone', 'warning', 2],
  ]);
  const messages = impact.map(({ message }: any) => message).join('\n');
  expect(messages).toContain('2 runs of report 1.0.0 are in progress (1 running, 1 paused)');
  expect(messages).toContain(
    '1 run of report 1.0.0 waits at ask (approve), which 2.0.0 does not have',
  );
  expect(messages).toContain(
    '1 run of deploy 3.0.0 needs report@^1.0.0 in step sub, but 2.0.0 is outside',
  );
  expect(messages).toContain('weekly needs report@1.x in step one');
  expect(messages).toContain(
    '2 runs of report 1.0.0 use the script count_words, which no longer exists',
  );

  const again = await api.graphql(VALIDATE, {
    source: text('report', '1.0.0', '  - set: { a: 1 }'),
  });
  expect(again.data.validateDirective.impact).toContainEqual(
    expect.objectContaining({ code: 'version_reused', severity: 'warning' }),
  );

  const { data: left } = await api.graphql('{ orphans { code runs message } }');
  expect(left.orphans.map(({ code }: any) => code)).toEqual(['script_gone', 'server_gone']);
  await mkdir(join(api.project, '.ai/scripts'), { recursive: true });
  await writeFile(join(api.project, '.ai/scripts/count_words.py'), '');
  expect((await api.graphql('{ orphans { code } }')).data.orphans).toEqual([
    { code: 'server_gone' },
  ]);
  await rm(folder, { recursive: true });
});
