import { beforeEach, describe, expect, test } from '@jest/globals';
import { Approvals } from '../../src/runs/approvals.js';
import { insertRun } from '../observation/rows.js';
import { type TestApi, withApi } from './support.js';

let api: TestApi;
withApi((opened) => (api = opened));
beforeEach(() =>
  api.dataSource.query(
    'TRUNCATE directive_executions, run_messages, outbox, approvals, audit_events, event_waits',
  ),
);

const rows = (table: string) => api.dataSource.query(`SELECT * FROM ${table} ORDER BY id`);
const ask = async (mutation: string) => {
  const { data, errors } = await api.graphql(`mutation { ${mutation} }`);
  return data ?? errors![0].extensions.code;
};

describe('a run under way', () => {
  test('is paused once, however often that is asked, and resumed', async () => {
    await insertRun(api.dataSource, 'a', { status: 'running', workflow_run_id: 'w' });
    const paused = { pauseExecution: { status: 'PAUSED' } };
    expect(await ask('pauseExecution(id: "a") { status }')).toEqual(paused);
    expect(await ask('pauseExecution(id: "a") { status }')).toEqual(paused);
    expect(await ask('resumeExecution(id: "a") { status }')).toEqual({
      resumeExecution: { status: 'RUNNING' },
    });
    expect(await ask('resumeExecution(id: "a") { status }')).toBe('conflict');
    expect(await rows('run_messages')).toMatchObject([
      { run_id: 'a', kind: 'pause', payload: 1, actor: 'operator' },
      { run_id: 'a', kind: 'pause', payload: 2 },
    ]);
    expect(await rows('outbox')).toMatchObject([{ kind: 'messages' }, { kind: 'messages' }]);
    expect((await rows('audit_events')).map(({ action }: any) => action)).toEqual([
      'execution.pause',
      'execution.resume',
    ]);
  });

  test('is told a signal, with its place in the outbox and the trail', async () => {
    await insertRun(api.dataSource, 'a', { status: 'running' });
    await ask('signalExecution(id: "a", name: "go", payload: {n: 1}) { id }');
    await ask('signalExecution(id: "a", name: "go") { id }');
    expect(await rows('run_messages')).toMatchObject([
      { kind: 'signal', name: 'go', payload: { n: 1 }, delivered_at: null },
      { kind: 'signal', name: 'go', payload: null },
    ]);
    expect(await rows('outbox')).toHaveLength(2);
    expect(await rows('audit_events')).toMatchObject([
      { action: 'execution.signal', target: 'execution:a', data: { name: 'go' } },
      {},
    ]);
  });

  test('is not told a signal that no step of its plan waits for', async () => {
    const wait = (name: string, signal: string) => ({ path: name, name, kind: 'wait', signal });
    const plan = async (hash: string, steps: unknown[]) => {
      await api.dataSource.query(
        `INSERT INTO directive_plans (hash, name, directive_version, plan, source)
         VALUES ($1, 'demo', '1.0.0', $2, '') ON CONFLICT (hash) DO NOTHING`,
        [hash, JSON.stringify({ name: 'demo', steps })],
      );
      await insertRun(api.dataSource, hash, { status: 'running', plan_hash: hash });
    };
    const told = async (id: string, name: string) =>
      (await api.graphql(`mutation { signalExecution(id: "${id}", name: "${name}") { id } }`))
        .errors?.[0].message;
    await plan('static', [wait('a', 'approve'), wait('b', 'go')]);
    expect(await told('static', 'aprove')).toBe(
      'No step of demo waits for a signal "aprove": did you mean "approve"?',
    );
    expect(await told('static', 'something')).toContain('it waits for approve, go.');
    expect(await told('static', 'go')).toBeUndefined();
    await plan('deaf', []);
    expect(await told('deaf', 'go')).toContain('no step of it waits for a signal.');
    await plan('computed', [wait('a', '{{ inputs.name }}')]);
    expect(await told('computed', 'any')).toBeUndefined();
    expect((await rows('run_messages')).map(({ name }: any) => name)).toEqual(['go', 'any']);
  });

  test('refuses signals without a name, to nobody, and too many', async () => {
    await insertRun(api.dataSource, 'a', { status: 'running' });
    expect(await ask('signalExecution(id: "a", name: "__go") { id }')).toBe('input_invalid');
    expect(await ask('signalExecution(id: "b", name: "go") { id }')).toBe('not_found');
    await insertRun(api.dataSource, 'c', { status: 'success' });
    expect(await ask('signalExecution(id: "c", name: "go") { id }')).toBe('conflict');
    expect(await ask('pauseExecution(id: "c") { id }')).toBe('conflict');
    expect(await ask('resumeExecution(id: "b") { id }')).toBe('not_found');
    await api.dataSource.query(
      `INSERT INTO run_messages (run_id, kind, name, actor)
       SELECT 'a', 'signal', 'go', 'x' FROM generate_series(1, 1000)`,
    );
    expect(await ask('signalExecution(id: "a", name: "go") { id }')).toBe('too_many_requests');
  });
});

test('a cancellation has a time, which may be none, and may be changed', async () => {
  await insertRun(api.dataSource, 'a', { status: 'running', workflow_run_id: 'w' });
  const fields = '{ cancelRequested endedHard cancelDueAt }';
  const { cancelExecution: first } = await ask(`cancelExecution(id: "a", reason: "r") ${fields}`);
  expect(first).toMatchObject({ cancelRequested: true, endedHard: false });
  const left = (at: string) => (Date.parse(at) - Date.now()) / 1000;
  expect(left(first.cancelDueAt)).toBeGreaterThan(300);
  await ask('cancelExecution(id: "a", graceSeconds: 60) { id }');
  const { cancelExecution: kept } = await ask(`cancelExecution(id: "a") ${fields}`);
  expect(left(kept.cancelDueAt)).toBeLessThan(61);
  await ask('cancelExecution(id: "a", force: true) { id }');
  const box = await rows('outbox');
  expect(box.map(({ kind }: any) => kind).sort()).toEqual(['cancel', 'terminate']);
  for (const { due_at } of box) expect(due_at.getTime()).toBeLessThanOrEqual(Date.now());
  expect(await ask('cancelExecution(id: "a", force: true, graceSeconds: 1) { id }')).toBe(
    'input_invalid',
  );
  expect((await rows('audit_events')).map(({ data }: any) => data.force)).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

describe('many runs at once', () => {
  const many = (
    call: string,
    fields = 'matched done { id } failed { id code } hasNextPage endCursor',
  ) => ask(`${call} { ${fields} }`);

  beforeEach(async () => {
    for (let at = 0; at < 5; at++) {
      await insertRun(api.dataSource, `r${at}`, {
        ...(at === 4 ? { status: 'success', completed_at: new Date() } : { status: 'running' }),
        directive_name: 'many',
        workflow_run_id: 'w',
        created_at: new Date(at * 1000),
      });
    }
    await insertRun(api.dataSource, 'other', { status: 'running', workflow_run_id: 'w' });
  });

  test('are first told, then done, page after page, each with its row in the trail', async () => {
    const filter = 'filter: { directiveName: "many" }';
    const { cancelExecutions: told } = await many(
      `cancelExecutions(${filter}, dryRun: true)`,
      'dryRun matched done { id } sample { id status }',
    );
    expect(told).toMatchObject({ dryRun: true, matched: 4, done: [] });
    expect(told.sample.map(({ id }: any) => id)).toEqual(['r3', 'r2', 'r1', 'r0']);
    expect(await rows('outbox')).toEqual([]);
    const { cancelExecutions: first } = await many(`cancelExecutions(${filter}, first: 3)`);
    expect(first).toMatchObject({ matched: 4, failed: [], hasNextPage: true });
    const after = JSON.stringify(first.endCursor);
    const { cancelExecutions: rest } = await many(
      `cancelExecutions(${filter}, first: 3, after: ${after})`,
    );
    expect(rest).toMatchObject({ matched: 1, done: [{ id: 'r0' }], hasNextPage: false });
    const asked = await api.dataSource.query(
      'SELECT id FROM directive_executions WHERE cancel_requested ORDER BY id',
    );
    expect(asked.map(({ id }: any) => id)).toEqual(['r0', 'r1', 'r2', 'r3']);
    const trail = (await rows('audit_events')).map(({ action, data }: any) => [action, data.ids]);
    expect(trail.filter(([action]: any) => action === 'executions.cancel')).toEqual([
      ['executions.cancel', ['r3', 'r2', 'r1']],
      ['executions.cancel', ['r0']],
    ]);
    expect(trail.filter(([action]: any) => action === 'execution.cancel')).toHaveLength(4);
  });

  test('are paused and resumed; one that refuses does not keep the others from it', async () => {
    const ids = 'filter: { ids: ["r0", "r1", "r4"] }';
    const { pauseExecutions: paused } = await many(`pauseExecutions(${ids})`);
    expect(paused.done.map(({ id }: any) => id).sort()).toEqual(['r0', 'r1']);
    const { resumeExecutions: resumed } = await many(`resumeExecutions(${ids})`);
    expect(resumed).toMatchObject({ matched: 2, failed: [] });
    // Its Plan was never stored.
    const { rerunExecutions: rerun } = await many(
      'rerunExecutions(filter: { directiveName: "many" }, version: "newest")',
    );
    expect(rerun).toMatchObject({
      matched: 1,
      done: [],
      failed: [{ id: 'r4', code: 'not_found' }],
    });
  });

  test('are never shadows, unless those are asked for', async () => {
    await api.dataSource.query(`UPDATE directive_executions SET shadow_of = 'x' WHERE id = 'r3'`);
    const ids = async (filter: string) => {
      const { data } = await api.graphql(`{ executions(filter: { ${filter} }) { nodes { id } } }`);
      return data.executions.nodes.map(({ id }: any) => id);
    };
    expect(await ids('directiveName: "many"')).toEqual(['r4', 'r2', 'r1', 'r0']);
    expect(await ids('directiveName: "many", shadow: true')).toEqual(['r3']);
    expect(await ids('shadowOf: "x"')).toEqual(['r3']);
    const { cancelExecutions: told } = await many(
      'cancelExecutions(filter: { directiveName: "many" }, dryRun: true)',
    );
    expect(told.matched).toBe(3);
    expect(await ask('rerunExecution(id: "r3") { id }')).toBe('conflict');
    expect(await ask('shadowExecution(id: "r0") { id }')).toBe('conflict');
  });

  test('need a filter that says something', async () => {
    expect(await many('cancelExecutions(filter: {})')).toBe('input_invalid');
    expect(await many('pauseExecutions(filter: { status: [SUCCESS] })')).toBe('input_invalid');
    expect(await many('resumeExecutions(filter: { actor: "x" }, first: 501)')).toBe(
      'input_invalid',
    );
  });
});

describe('an approval', () => {
  const question = async (changes: object = {}) => {
    await insertRun(api.dataSource, 'a', { status: 'running', actor: 'someone' });
    await new Approvals(api.dataSource).ask('a', {
      path: 'deploy',
      iteration: '',
      step: 'deploy',
      description: 'Deploy?',
      who: [],
      quorum: 1,
      self_approval: false,
      form: {},
      shows: null,
      hash: 'a1',
      expires_ms: Date.now() + 60_000,
      ...changes,
    });
    const { data } = await api.graphql('{ approvals(status: "pending") { nodes { id } } }');
    return data.approvals.nodes[0].id as string;
  };
  const resolve = (id: string, rest = 'decision: APPROVED') =>
    ask(
      `resolveApproval(id: "${id}", ${rest}) { status decision decidedBy comment votes answers }`,
    );

  test('decides once, and its run is told', async () => {
    const id = await question();
    expect(await resolve(id, 'decision: DENIED, comment: "no"')).toMatchObject({
      resolveApproval: {
        status: 'denied',
        decision: 'DENIED',
        decidedBy: 'operator',
        comment: 'no',
      },
    });
    expect(await resolve(id)).toBe('conflict');
    expect(await rows('run_messages')).toMatchObject([
      {
        run_id: 'a',
        kind: 'decision',
        name: 'deploy#',
        payload: { status: 'denied', by: 'operator', comment: 'no', form: {} },
      },
    ]);
    expect(await rows('audit_events')).toMatchObject([
      { action: 'approval.denied', target: `approval:${id}`, actor: 'operator' },
    ]);
  });

  test('shows what it lets run, and is refused for another hash', async () => {
    const shows = [{ step: 'deploy', script: 'deploy', inputs: { to: 'staging' } }];
    const id = await question({ shows, hash: 'a1' });
    const { data } = await api.graphql('{ approvals(first: 1) { nodes { shows hash } } }');
    expect(data.approvals.nodes).toEqual([{ shows, hash: 'a1' }]);
    expect(await resolve(id, 'decision: APPROVED, hash: "b2"')).toBe('conflict');
    expect(await resolve(id, 'decision: APPROVED, hash: "a1"')).toMatchObject({
      resolveApproval: { status: 'approved' },
    });
  });

  test('waits for its quorum, one answer a person', async () => {
    const id = await question({ quorum: 2 });
    expect(await resolve(id)).toMatchObject({ resolveApproval: { status: 'pending' } });
    expect(await resolve(id)).toBe('conflict');
    expect(await rows('run_messages')).toEqual([]);
  });

  test.each([
    ['of somebody else', { who: ['alice', 'release_team'] }, 'permission_denied'],
    ['of a role', { who: ['operator'] }, undefined],
    ['that has expired', { expires_ms: Date.now() - 1 }, 'conflict'],
    [
      'whose form wants more',
      { form: { n: { type: 'integer', required: true } } },
      'input_invalid',
    ],
  ])('%s', async (_, changes, code) => {
    const id = await question(changes);
    const answer = await resolve(id);
    if (code) expect(answer).toBe(code);
    else expect(answer).toMatchObject({ resolveApproval: { status: 'approved' } });
  });

  const refusal = async (id: string) =>
    (await api.graphql(`mutation { resolveApproval(id: "${id}", decision: APPROVED) { id } }`))
      .errors![0].message as string;
  const addKey = (actor: string) =>
    api.dataSource.query(
      `INSERT INTO api_keys (hash, name, actor, role) VALUES ($1, $1, $1, 'operator')`,
      [actor],
    );

  test('is not to be approved by who started the run, who is told by whom', async () => {
    const id = await question();
    await api.dataSource.query(`UPDATE directive_executions SET actor = 'operator'`);
    expect(await resolve(id)).toBe('permission_denied');
    const alone = await refusal(id);
    expect(alone).toContain(
      'operator started the run and so can deny "deploy", but not approve it',
    );
    expect(alone).toContain(
      'No other holder of an API key can approve it; make one with mission users add',
    );
    expect(alone).toContain('self_approval: true');
    await addKey('alice');
    expect(await refusal(id)).toContain('These holders of an API key can approve it: alice.');
    await api.dataSource.query(`UPDATE api_keys SET revoked_at = now() WHERE name = 'alice'`);
    expect(await refusal(id)).toContain('No other holder');
  });

  test.each([
    ['that asks everybody', {}],
    ['that asks somebody else', { who: ['alice'] }],
  ])('%s is denied by who started the run', async (_, changes) => {
    const id = await question(changes);
    await api.dataSource.query(`UPDATE directive_executions SET actor = 'operator'`);
    expect(await resolve(id, 'decision: DENIED')).toMatchObject({
      resolveApproval: { status: 'denied', decidedBy: 'operator' },
    });
    expect(await rows('run_messages')).toMatchObject([{ payload: { status: 'denied' } }]);
  });

  test('of somebody else is not denied by a third', async () => {
    const id = await question({ who: ['alice', 'release_team'] });
    expect(await resolve(id, 'decision: DENIED')).toBe('permission_denied');
    expect(await refusal(id)).toMatch(
      /operator is not an approver of "deploy"; alice, release_team can/,
    );
  });

  test('can be decided by those who hold a key', async () => {
    await api.dataSource.query(`DELETE FROM api_keys WHERE name = 'alice'`);
    await addKey('alice');
    await addKey('gone');
    await api.dataSource.query(`UPDATE api_keys SET revoked_at = now() WHERE name = 'gone'`);
    const { data } = await api.graphql('{ approvers { actor role you } }');
    expect(data.approvers).toHaveLength(2);
    expect(data.approvers).toContainEqual({ actor: 'operator', role: 'operator', you: true });
    expect(data.approvers).toContainEqual({ actor: 'alice', role: 'operator', you: false });
    await api.dataSource.query(`DELETE FROM api_keys WHERE name IN ('alice', 'gone')`);
  });

  test('that is not there is not found', async () => {
    expect(await resolve('00000000-0000-4000-8000-000000000000')).toBe('not_found');
    expect(await resolve('x')).toBe('not_found');
  });

  test('lists by status, and refuses one that there is not', async () => {
    await question();
    const { errors } = await api.graphql('{ approvals(status: "open") { nodes { id } } }');
    expect(errors![0].message).toContain('pending, approved, denied, answered, expired, cancelled');
  });
});
