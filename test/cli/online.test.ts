import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compileDirective } from '../../src/language/compile/compile.js';
import { planHash } from '../../src/language/plan/plan-hash.js';
import { CATALOG } from '../language/catalog.js';
import { DOCUMENTS } from '../../src/cli/client/documents.js';
import { HelpRequests } from '../../src/kernel/help-requests.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { Approvals } from '../../src/runs/approvals.js';
import { ArtifactStore } from '../../src/runs/values/artifact-store.js';
import { type TestApi, withApi } from '../api/support.js';
import { insertLog, insertRun, insertStep, notify, updateRun } from '../observation/rows.js';
import { mission as call } from './support/cli.js';

let api: TestApi;
withApi((opened) => (api = opened));
beforeEach(() =>
  api.dataSource.query('TRUNCATE directive_executions, execution_steps, log_entries, outbox'),
);

const environment = () => ({
  MISSION_URL: api.url,
  MISSION_API_KEY: api.key,
  MISSION_PROJECT: api.project,
});
const mission = (...argv: string[]) => call(argv, environment());
const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test.each(Object.entries(DOCUMENTS))('the operation %s fits the schema', (_name, text) => {
  const schema = buildSchema(
    readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'),
  );
  expect(validate(schema, parse(text))).toEqual([]);
});

describe('executions', () => {
  test('list shows the newest first, page over page', async () => {
    for (let index = 0; index < 105; index += 1)
      await insertRun(api.dataSource, `run_${String(index).padStart(3, '0')}`, {
        created_at: new Date(index * 1000),
      });
    const { exit, out } = await mission('executions', 'list', '--limit', '104', '--json');
    expect(exit).toBe(0);
    const ids = json(out).map(({ id }) => id);
    expect(ids).toHaveLength(104);
    expect(ids.slice(0, 2)).toEqual(['run_104', 'run_103']);
  });

  test('the files of a run are listed and downloaded, by API and command', async () => {
    await insertRun(api.dataSource, 'with_files');
    const text = 'x'.repeat(1_500_000) + 'end';
    const hash = createHash('sha256').update(text).digest('hex');
    const store = new ArtifactStore(api.dataSource);
    const content = async function* () {
      yield Buffer.from(text);
    };
    await store.put(hash, text.length, content);
    const place = { path: 'make', iteration: '' };
    await store.put('1234', 9, async function* () {
      yield Buffer.from('few words');
    });
    const written = [
      { path: 'out/a & b.txt', hash, bytes: text.length },
      { path: 'small', hash: '1234', bytes: 9 },
    ];
    await store.change('with_files', place, { written, removed: [] });

    const listed = await api.request('/internal/executions/with_files/artifacts');
    const artifact = { path: 'out/a & b.txt', bytes: text.length, sha256: hash, step_path: 'make' };
    expect(listed.body.artifacts).toContainEqual(expect.objectContaining(artifact));
    const url = '/internal/executions/with_files/artifacts/out/a%20%26%20b.txt';
    const got = await api.request(url);
    expect(got.body === text).toBe(true);
    expect(got.headers.get('content-disposition')).toContain('attachment');
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    for (const path of [
      '/internal/executions/with_files/artifacts/out',
      '/internal/executions/other/artifacts',
      '/internal/executions/other/artifacts/out/a%20%26%20b.txt',
      '/internal/executions/with_files/artifacts/..%2F..%2Fetc%2Fpasswd',
    ])
      expect((await api.request(path)).status).toBe(404);
    expect((await api.request(url, { key: null })).status).toBe(401);

    const shown = await mission('executions', 'artifacts', 'with_files');
    expect(shown.out).toMatch(/out\/a & b\.txt +1\.4 MiB +make/);
    const [told] = json((await mission('executions', 'artifacts', 'with_files', '--json')).out);
    expect(told).toMatchObject({ path: 'out/a & b.txt', url });
    const file = join(api.project, 'got.txt');
    const names = ['with_files', 'out/a & b.txt'];
    expect((await mission('executions', 'artifacts', ...names, '--out', file)).exit).toBe(0);
    expect(readFileSync(file, 'utf8') === text).toBe(true);
    expect((await mission('executions', 'artifacts', 'with_files', 'small')).out).toBe('few words');
    expect((await mission('executions', 'artifacts', 'with_files', 'no')).exit).toBe(2);
  });

  test('cancel with a filter tells what it would do, and does it when that is wanted', async () => {
    for (const id of ['a', 'b', 'c'])
      await insertRun(api.dataSource, id, {
        status: 'running',
        directive_name: id === 'c' ? 'other' : 'many',
        workflow_run_id: 'w',
      });
    const asked = ['executions', 'cancel', '--directive', 'many', '--json'];
    const told = await mission(...asked);
    expect(told.exit).toBe(2);
    expect(told.err).toContain('many@1.0.0');
    expect(json(told.out)[0].error).toMatchObject({
      code: 'not_confirmed',
      hint: 'add --yes to cancel these 2 runs',
    });
    const done = await mission(...asked, '--yes');
    expect(done.exit).toBe(0);
    expect(json(done.out)[0]).toMatchObject({ matched: 2, failed: [] });
    const rows = await api.dataSource.query(
      'SELECT id FROM directive_executions WHERE cancel_requested ORDER BY id',
    );
    expect(rows).toEqual([{ id: 'a' }, { id: 'b' }]);
    for (const wrong of [
      [],
      ['a', '--directive', 'many'],
      ['--status', 'odd'],
      ['--started-after', 'x'],
    ])
      expect((await mission('executions', 'cancel', ...wrong)).exit).toBe(2);
  });

  test('list filters, and is a table', async () => {
    await insertRun(api.dataSource, 'a', {
      status: 'error',
      error: '{"code":"script_error","message":"no\\nmore","step":"two"}',
      duration_ms: 1500,
    });
    await insertRun(api.dataSource, 'b', { status: 'success' });
    const { out } = await mission('executions', 'list', '--status', 'error', '--directive', 'demo');
    expect(out).toMatch(
      /^ID +DIRECTIVE +STATUS +STARTED +TOOK +ERROR\na +demo@1.0.0 +error +- +1.5 s +script_error at two: no\n$/,
    );
    await insertRun(api.dataSource, 'c', { status: 'success', shadow_of: 'b' });
    const ids = async (...more: string[]) =>
      json((await mission('executions', 'list', '--json', ...more)).out).map(({ id }) => id);
    expect(await ids()).toEqual(['b', 'a']);
    expect(await ids('--shadows')).toEqual(['c']);
    expect(await mission('executions', 'list', '--directive', 'x')).toEqual({
      exit: 0,
      out: '',
      err: 'no runs\n',
    });
    expect((await mission('executions', 'list', '--status', 'bad')).exit).toBe(2);
    expect((await mission('executions', 'list', '--limit', '0')).exit).toBe(2);
  });

  test('show has inputs, steps and error', async () => {
    await insertRun(api.dataSource, 'r', {
      status: 'error',
      inputs: '{"b":1}',
      error: '{"code":"script_error","message":"no"}',
    });
    await insertStep(api.dataSource, 'r', 'one', { iteration: '3' });
    const shown = await mission('executions', 'show', 'r');
    expect(shown.exit).toBe(0);
    expect(shown.out).toContain('inputs\n{\n  "b": 1\n}');
    expect(shown.out).toMatch(/\none \[3\] +script +success/);
    expect(shown.out).toContain('error\nscript_error: no');
    const [whole] = json((await mission('executions', 'show', 'r', '--json')).out);
    expect(whole).toMatchObject({
      id: 'r',
      status: 'ERROR',
      steps: [{ name: 'one', iteration: '3' }],
    });
  });

  test('show of what is not there is wrong use', async () => {
    const { exit, err } = await mission('executions', 'show', 'nope');
    expect(exit).toBe(2);
    expect(err).toContain('there is no run nope');
  });

  test('watch tells steps as they end, and the outcome', async () => {
    await insertRun(api.dataSource, 'w', { status: 'running' });
    const watched = mission('executions', 'watch', 'w');
    await sleep(300);
    await insertStep(api.dataSource, 'w', 'one', { duration_ms: 7 });
    await updateRun(api.dataSource, 'w', 'success');
    await notify(api.dataSource);
    const { exit, out, err } = await watched;
    expect({ exit, out }).toEqual({ exit: 0, out: 'null\n' });
    expect(err).toContain('✓ one  7 ms\n');
    expect(err).toContain('success  run w');
  });

  test('watch tells how far a running step says that it is, and so does --json', async () => {
    const progress = { done: 3, total: 10, message: 'page 3', at: new Date().toISOString() };
    const lines = async (...flags: string[]) => {
      await api.dataSource.query('TRUNCATE directive_executions, execution_steps');
      await insertRun(api.dataSource, 'w', { status: 'running' });
      const watched = mission('executions', 'watch', 'w', ...flags);
      await sleep(300);
      await insertStep(api.dataSource, 'w', 'one', { status: 'running', progress });
      await notify(api.dataSource);
      await sleep(300);
      await updateRun(api.dataSource, 'w', 'success');
      await notify(api.dataSource);
      return watched;
    };
    expect((await lines()).err).toContain('▸ one\n  one: 3 of 10, page 3\n');
    const { out, err } = await lines('--json');
    expect(json(out)[0].step).toMatchObject({
      name: 'one',
      status: 'RUNNING',
      progress: { done: 3, total: 10, message: 'page 3' },
    });
    expect(err).not.toContain('page 3');
  });

  test('watch --json has a line per step and the run at last', async () => {
    await insertRun(api.dataSource, 'w', { status: 'cancelled' });
    await insertStep(api.dataSource, 'w', 'one', { status: 'error' });
    const { exit, out } = await mission('executions', 'watch', 'w', '--json');
    expect(exit).toBe(1);
    const lines = json(out);
    expect(lines).toMatchObject([
      { step: { name: 'one', status: 'ERROR' } },
      { execution: { id: 'w', status: 'CANCELLED' } },
    ]);
  });

  test('watch --json tells every state of a step once', async () => {
    await insertRun(api.dataSource, 'w', { status: 'running' });
    const watched = mission('executions', 'watch', 'w', '--json');
    await sleep(300);
    const at = new Date().toISOString();
    const progress = { done: 1, total: 2, message: null, at };
    await insertStep(api.dataSource, 'w', 'one', { status: 'running', progress });
    await insertStep(api.dataSource, 'w', 'two', { duration_ms: 7 });
    await notify(api.dataSource);
    await sleep(500);
    await notify(api.dataSource);
    await updateRun(api.dataSource, 'w', 'success');
    await notify(api.dataSource, 'w');
    const told = json((await watched).out).flatMap(({ step }) => (step ? [step] : []));
    expect(told.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      'one RUNNING',
      'two SUCCESS',
    ]);
  });

  test('Ctrl-C leaves the run and says how to go on', async () => {
    await insertRun(api.dataSource, 'w', { status: 'running' });
    const signals = new EventEmitter();
    const watched = call(['executions', 'watch', 'w'], environment(), { signals });
    await sleep(500);
    signals.emit('SIGINT');
    const { exit, err } = await watched;
    expect(exit).toBe(130);
    expect(err).toContain('mission executions cancel w cancels it');
  });
});

describe('run and cancel', () => {
  test('a file is sent with its text; the same key starts one run', async () => {
    const source =
      'name: quick\nversion: 1.2.3\ndescription: d\npermissions: []\ninputs: { n: { type: integer } }\nsteps: [{ return: "{{ inputs.n }}" }]\n';
    const start = () =>
      call(
        ['run', '-', '--input', 'n=3', '--no-wait', '--idempotency-key', 'k', '--json'],
        environment(),
        { stdin: source },
      );
    const [first] = json((await start()).out);
    expect(first).toMatchObject({
      status: 'pending',
      result: null,
      error: null,
      duration_ms: null,
    });
    expect(json((await start()).out)[0].execution_id).toBe(first.execution_id);
    const { out } = await mission('executions', 'show', first.execution_id, '--json');
    expect(json(out)[0]).toMatchObject({
      directiveName: 'quick',
      directiveVersion: '1.2.3',
      inputs: { n: 3 },
    });
    const cancelled = await mission(
      'executions',
      'cancel',
      first.execution_id,
      '--reason',
      'enough',
    );
    expect(cancelled.exit).toBe(0);
    expect(cancelled.out).toContain(
      `cancelling run ${first.execution_id}: its compensate and always steps run, then it ends`,
    );
  });

  test('unknown directives, unknown and missing inputs are wrong use', async () => {
    expect(await mission('run', 'nope')).toMatchObject({ exit: 2 });
    expect(await mission('run', 'nope', '--input', 'a=1')).toMatchObject({ exit: 2 });
    const heal = ['run', 'heal_mcp_connection', '--json'];
    expect(json((await mission(...heal)).out)).toMatchObject([
      { error: { code: 'input_invalid' } },
    ]);
    expect((await mission(...heal, '--input', 'mcp=x')).exit).toBe(2);
  });
});

describe('directives, MCP servers, logs', () => {
  test('directives list and show', async () => {
    const { out } = await mission('directives', 'list', '--source', 'system', '--json');
    expect(json(out).map(({ name }) => name)).toContain('heal_mcp_connection');
    expect((await mission('directives', 'list', '--query', 'qqxxzz')).err).toBe('no directives\n');
    const shown = await mission('directives', 'show', 'heal_mcp_connection');
    expect(shown.out).toMatch(/mcp_id +string +required +MCP instance to heal/);
    expect(shown.out).toContain('script: reconnect_mcp.py');
    expect((await mission('directives', 'show', 'nope')).exit).toBe(2);
  });

  test('what cannot run is told with the reason, wherever it is named', async () => {
    const folder = join(api.project, '.ai/directives');
    const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
    mkdirSync(folder, { recursive: true });
    const good = 'version: 1.0.0\ndescription: d\npermissions: []\nsteps: [{ return: 1 }]\n';
    put('copy_of.yaml', `name: other\n${good}`);
    put('twin.yaml', `name: twin\n${good}`);
    put('twin_too.yaml', `name: twin\n${good}`);
    put('broken.yaml', 'name: broken\nversion: 1\nstepz: []\n');
    put('nameless.yaml', 'version: 1.0.0\n');
    try {
      const listed = await mission('directives', 'list');
      expect(listed.exit).toBe(0);
      expect(listed.out).toMatch(/\nother +1\.0\.0 +project/);
      expect(listed.out).toMatch(
        /\nbroken +- +project +invalid: \d+:\d+ .*mission validate .*broken\.yaml/,
      );
      expect(listed.out).toMatch(/\nanalyze_patterns +1\.0\.0 +system +not available yet: /);
      expect(listed.err).toMatch(/left out: .*nameless\.yaml has no readable name/);
      expect(listed.err).toMatch(
        /left out: .*twin_too\.yaml is not used: .*twin\.yaml has the same name/,
      );
      const rows = json((await mission('directives', 'list', '--json')).out);
      expect(rows.find(({ name }) => name === 'analyze_patterns')).toMatchObject({
        valid: true,
        available: false,
      });
      const invalid = await mission('run', 'broken');
      expect(invalid).toMatchObject({ exit: 1 });
      expect(invalid.err).toContain('stepz');
      expect(invalid.err).toContain('did you mean "steps"?');
      expect(invalid.err).toMatch(/mission validate .*broken\.yaml/);
      for (const command of [['run'], ['plan'], ['directives', 'show']]) {
        expect((await mission(...command, 'nameless')).err).toContain(
          'nameless.yaml has no readable name',
        );
        expect((await mission(...command, 'othr')).err).toContain('did you mean "other"?');
        const options = command[0] === 'run' ? ['--no-wait'] : [];
        expect((await mission(...command, 'twin', ...options)).err).toContain(
          'twin_too.yaml is not used',
        );
      }
      const { checks } = JSON.parse((await mission('doctor', '--json')).out);
      const told = checks.map(({ message }: { message: string }) => message).join('\n');
      for (const file of [
        'nameless.yaml has no readable name',
        'twin_too.yaml is not used',
        'broken is invalid',
      ])
        expect(told).toContain(file);
      const { body } = await api.request('/internal/directives');
      expect(body.left_out.map(({ file }: { file: string }) => basename(file)).sort()).toEqual([
        'nameless.yaml',
        'twin_too.yaml',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a mission.yaml that is newer than the server is told', async () => {
    const file = join(api.project, 'mission.yaml');
    const directive = join(api.project, 'one.yaml');
    writeFileSync(
      directive,
      'name: one\nversion: 1.0.0\ndescription: d\npermissions: []\nsteps: [{ return: 1 }]\n',
    );
    const told = () =>
      Promise.all(
        [
          ['run', directive, '--no-wait'],
          ['run', 'nope'],
          ['validate', directive],
          ['directives', 'list'],
          ['doctor', '--json'],
        ].map(async (argv) => {
          const { out, err } = await mission(...argv);
          return `${out}${err}`.includes(`${file} was changed after the server started`);
        }),
      );
    expect(await told()).toEqual([false, false, false, false, false]);
    writeFileSync(file, 'limits: { steps: 5 }\n');
    try {
      expect(await told()).toEqual([true, true, true, true, true]);
    } finally {
      rmSync(file);
    }
    expect(await told()).toEqual([false, false, false, false, false]);
  });

  test('mcp list tells a server that no worker has reported', async () => {
    const { exit, out } = await mission('mcp', 'list');
    expect(exit).toBe(0);
    expect(out).toMatch(/\neverything +disconnected/);
    expect((await mission('mcp', 'tools', 'nope')).exit).toBe(2);
  });

  test('mcp list and mcp tools name the tools that cannot be read, and no reason is cut', async () => {
    const reason = `its tools cannot be listed: ${'x'.repeat(200)}`;
    await api.dataSource.query(
      `INSERT INTO workers (id, task_queue, hostname, pid, seen_at) VALUES ('w', 'q', 'h', 1, now() + interval '1 hour')`,
    );
    await api.dataSource.query(
      `INSERT INTO mcp_server_states (server, worker_id, state, reason, since, checked_at, transport, tools, protocol_version, warnings)
       VALUES ('everything', 'w', 'degraded', $1, now(), now(), 'stdio', '[{"name":"echo"}]', '2025-11-25', '["tool odd: inputSchema is null"]')`,
      [reason],
    );
    try {
      const list = await mission('mcp', 'list');
      expect(list.out).toMatch(/\neverything +degraded .* stdio +2025-11-25 /);
      expect(list.out).toContain(reason);
      expect(list.err).toContain('everything: tool odd: inputSchema is null');
      const tools = await mission('mcp', 'tools', 'everything');
      expect(tools.out).toContain('echo');
      expect(tools.err).toContain('everything: tool odd: inputSchema is null');
    } finally {
      await api.dataSource.query(`DELETE FROM mcp_server_states WHERE worker_id = 'w'`);
      await api.dataSource.query(`DELETE FROM workers WHERE id = 'w'`);
    }
  });

  test('logs are shown oldest first, once each, also while following', async () => {
    await insertLog(api.dataSource, 'r', 'first', { at: new Date(1000) });
    await insertLog(api.dataSource, 'r', 'second', {
      at: new Date(2000),
      data: '{"a":1}',
      level: 'warn',
    });
    await insertLog(api.dataSource, null, 'other', { at: new Date(3000) });
    const signals = new EventEmitter();
    const followed = call(['logs', '--execution', 'r', '--follow'], environment(), { signals });
    await sleep(500);
    await insertLog(api.dataSource, 'r', 'third');
    await notify(api.dataSource);
    await sleep(500);
    signals.emit('SIGINT');
    const { exit, out } = await followed;
    expect(exit).toBe(0);
    expect(out.match(/(?<=test {2}).*/g)).toEqual(['first', 'second {"a":1}', 'third']);
    expect(json((await mission('logs', '--level', 'warn', '--json')).out)).toMatchObject([
      { message: 'second' },
    ]);
  });
});

test('a wrong key is wrong use', async () => {
  const { exit, err } = await call(['executions', 'list'], {
    ...environment(),
    MISSION_API_KEY: 'mc_x',
  });
  expect(exit).toBe(2);
  expect(err).toContain('MISSION_API_KEY');
});

describe('one step of a run', () => {
  const RUN = 'cccccccc-0000-4000-8000-000000000001';
  const show = (...flags: string[]) => mission('executions', 'show', RUN, '--step', ...flags);
  const insert = (name: string, values: Record<string, unknown>) =>
    insertStep(api.dataSource, RUN, name, values);

  beforeEach(async () => {
    const spent = { steps: 5, iterations: 2, spawns: 0, tokens: 1_380, cost_usd: 0.0042 };
    await insertRun(api.dataSource, RUN, { status: 'error', spent: JSON.stringify(spent) });
    await insert('sum', { inputs: { file: 'a.csv' }, result: { total: 7 }, duration_ms: 12 });
    for (const iteration of ['0', '1']) {
      const failed = iteration === '1' && {
        status: 'error',
        error: {
          code: 'script_error',
          message: "KeyError: 'k' (each.py:3)",
          step: 'each',
          data: { trace: ['pick (each.py:3)', 'execute (each.py:9)'] },
        },
      };
      await insert('each', { path: 'loop/each', iteration, inputs: { n: iteration }, ...failed });
    }
    await insertLog(api.dataSource, RUN, 'reads a.csv', { step_path: 'sum', iteration: '' });
    await insertLog(api.dataSource, RUN, 'of the second', {
      step_path: 'loop/each',
      iteration: '1',
    });
    await insertLog(api.dataSource, RUN, 'of nobody');
  });

  test('is shown with inputs, result and logs', async () => {
    const { exit, out } = await show('sum');
    expect(exit).toBe(0);
    expect(out).toMatch(/^sum {2}script {2}success {2}12 ms\nstarted /);
    expect(out).toContain('inputs\n{\n  "file": "a.csv"\n}');
    expect(out).toContain('result\n{\n  "total": 7\n}');
    expect(out).toMatch(/logs\n.* info {2}test {2}reads a\.csv\n$/);
    expect(out).not.toContain('of nobody');
    const [told] = json((await show('sum', '--json')).out);
    expect(told).toMatchObject({
      execution_id: RUN,
      steps: [
        {
          path: 'sum',
          inputs: { file: 'a.csv' },
          result: { total: 7 },
          usage: null,
          logs: [{ message: 'reads a.csv' }],
        },
      ],
    });
  });

  test('in a loop: its iterations, and one of them with the frames of its error', async () => {
    const all = await show('each');
    expect(all.out).toMatch(/loop\/each \[0\] +success/);
    expect(all.out).toMatch(/loop\/each \[1\] +error .*script_error at each: KeyError/);
    expect(all.err).toContain('it ran 2 times: --iteration 1 shows one');
    for (const name of ['each', 'loop/each']) {
      const { out, err } = await show(name, '--iteration', '1');
      expect(err).toBe('');
      expect(out).toMatch(/^loop\/each \[1\] {2}script {2}error/);
      expect(out).toContain(
        "error\nscript_error at each: KeyError: 'k' (each.py:3)\n    at pick (each.py:3)",
      );
      expect(out).toContain('of the second');
    }
  });

  test('that asked a model tells what it used', async () => {
    await insert('ask', { kind: 'llm', result: { text: 'yes' } });
    for (const [iteration, input] of [
      ['0', 900],
      ['1', 400],
    ] as const) {
      const usage = { input_tokens: input, output_tokens: 40, cost_usd: 0.0021 };
      await insert('ask.turn', { path: 'ask/turn', kind: 'turn', iteration, result: { usage } });
    }
    const { out } = await show('ask');
    expect(out).toContain('usage     1,300 tokens in, 80 out, 0.0042 USD');
    const [told] = json((await show('ask', '--json')).out);
    expect(told.steps[0].usage).toEqual({
      input_tokens: 1300,
      output_tokens: 80,
      cost_usd: 0.0042,
    });
  });

  test('that is not there is told with those that are', async () => {
    const typo = await show('summ');
    expect(typo).toMatchObject({ exit: 2 });
    expect(typo.err).toMatch(/has no step "summ".*did you mean "sum"/s);
    const beyond = await show('each', '--iteration', '7');
    expect(beyond.err).toMatch(/"each" has no iteration 7 .*it has 0, 1/s);
    expect((await mission('executions', 'show', RUN, '--iteration', '1')).exit).toBe(2);
    const nobody = await mission('executions', 'show', 'nope', '--step', 'a');
    expect(nobody.err).toContain('there is no run nope');
  });

  test('the whole run names the iteration that failed', async () => {
    await api.dataSource.query(`UPDATE directive_executions SET error = $1 WHERE id = $2`, [
      JSON.stringify({ code: 'script_error', message: "KeyError: 'k' (each.py:3)", step: 'each' }),
      RUN,
    ]);
    const { out } = await mission('executions', 'show', RUN);
    expect(out).toContain("error\nscript_error at each [1]: KeyError: 'k' (each.py:3)");
  });

  test('the whole run tells what it spent', async () => {
    const { out } = await mission('executions', 'show', RUN);
    expect(out).toContain('spent     5 steps, 2 iterations, 1,380 tokens, 0.0042 USD');
    expect(json((await mission('executions', 'show', RUN, '--json')).out)[0].spent.tokens).toBe(
      1380,
    );
  });
});

describe('a run that waits', () => {
  const RUN = 'dddddddd-0000-4000-8000-000000000001';

  test('tells for what: whom it asks and how to answer, which signal or event', async () => {
    const steps = [
      '  - { name: ask, approve: { who: [boss, operator], quorum: 2 } }',
      '  - { name: parcel, wait: { signal: delivered } }',
    ];
    const source = `name: waiter\nversion: 1.0.0\ndescription: d\npermissions: []\nsteps:\n${steps.join('\n')}\n`;
    const { plan } = compileDirective(source, CATALOG);
    await api.dataSource.query(
      'INSERT INTO directive_plans (hash, name, directive_version, plan, source) VALUES ($1, $2, $3, $4, $5)',
      [planHash(plan!), 'waiter', '1.0.0', JSON.stringify(plan), source],
    );
    await insertRun(api.dataSource, RUN, { directive_name: 'waiter', status: 'running' });
    await insertStep(api.dataSource, RUN, 'ask', { kind: 'approve', status: 'waiting' });
    await insertStep(api.dataSource, RUN, 'parcel', { kind: 'wait', status: 'waiting' });
    await new Approvals(api.dataSource).ask(RUN, {
      path: 'ask',
      iteration: '',
      step: 'ask',
      description: 'Go on?',
      who: ['boss', 'operator'],
      quorum: 2,
      self_approval: false,
      form: {},
      shows: null,
      hash: 'a1',
      expires_ms: Date.UTC(2030, 0, 1),
    });
    const { out } = await mission('executions', 'show', RUN);
    expect(out).toMatch(
      /ask +approve +waiting .*waits for approval by boss, operator \(0 of 2\) until 2030-01-01 00:00:00Z: mission approvals approve\|deny [0-9a-f]{8}\n/,
    );
    expect(out).toMatch(/parcel +wait +waiting .*waits for signal delivered/);
    const [told] = json((await mission('executions', 'show', RUN, '--json')).out);
    expect(told.steps[1].waits_for).toBe('waits for signal delivered');
    await api.dataSource.query('TRUNCATE approvals');
  });
});

describe('short ids', () => {
  const [ONE, TWO, CHILD] = [
    'abcd1111-0000-4000-8000-000000000001',
    'abcd2222-0000-4000-8000-000000000002',
    'ffff3333-0000-4000-8000-000000000003',
  ] as const;

  beforeEach(async () => {
    for (const [index, id] of [ONE, TWO, CHILD].entries()) {
      const created_at = new Date(Date.UTC(2030, 0, 1, index)).toISOString();
      const parent_id = id === CHILD ? TWO : null;
      await insertRun(api.dataSource, id, { created_at, parent_id, status: 'success' });
    }
  });

  test.each([
    ['executions', 'show'],
    ['executions', 'watch'],
    ['executions', 'artifacts'],
    ['executions', 'cancel'],
  ])('%s %s takes what an id begins with', async (...words) => {
    const { exit, out, err } = await mission(...words, 'ABCD1', '--json');
    // A run that has ended is found, and cannot be cancelled.
    expect(exit).toBe(words[1] === 'cancel' ? 2 : 0);
    expect(out + err).not.toContain('no run');
    if (words[1] === 'show') expect(json(out)[0].id).toBe(ONE);
  });

  test('so do options, and last is the newest that no other run started', async () => {
    await insertLog(api.dataSource, TWO, 'of two');
    const logs = await mission('logs', '--execution', 'abcd2', '--json');
    expect(json(logs.out)).toMatchObject([{ message: 'of two' }]);
    const list = await mission('executions', 'list', '--root', 'abcd1', '--json');
    expect(json(list.out)).toMatchObject([{ id: ONE }]);
    const { out, err } = await mission('executions', 'show', 'last', '--json');
    expect(json(out)[0].id).toBe(TWO);
    expect(err).toContain(`last is run ${TWO}: demo, success`);
  });

  test('the id of a workflow is that of its run', async () => {
    const { out } = await mission('executions', 'show', `demo-${ONE}`, '--json');
    expect(json(out)[0].id).toBe(ONE);
    expect((await mission('executions', 'show', ONE, '--json')).exit).toBe(0);
  });

  test('an ambiguous ID lists the runs that it matches', async () => {
    const { exit, err } = await mission('executions', 'cancel', 'abcd');
    expect(exit).toBe(2);
    expect(err).toMatch(/abcd matches several runs:/);
    expect(err).toContain(ONE);
    expect(err).toContain(TWO);
    expect(err).not.toContain(CHILD);
  });

  test('what is too short, or nothing, is not found', async () => {
    for (const id of ['abc', 'abcd9', '%', '____', 'abcd1111%']) {
      const { exit, err } = await mission('executions', 'show', id);
      expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining(`no run ${id}`) });
    }
  });

  test('shadows have short ids, and are never the last', async () => {
    const shadow = 'eeee4444-0000-4000-8000-000000000004';
    await insertRun(api.dataSource, shadow, { shadow_of: ONE, created_at: '2031-01-01T00:00:00Z' });
    expect(json((await mission('executions', 'show', 'eeee', '--json')).out)[0].id).toBe(shadow);
    expect(json((await mission('executions', 'show', 'last', '--json')).out)[0].id).toBe(TWO);
  });

  test('questions have them as well', async () => {
    await insertRun(api.dataSource, 'asking', { status: 'running', actor: 'someone' });
    const ask = (path: string) =>
      new Approvals(api.dataSource).ask('asking', {
        path,
        iteration: '',
        step: path,
        description: 'Go on?',
        who: [],
        quorum: 1,
        self_approval: false,
        form: {},
        shows: [{ step: 'pay', script: 'pay' }],
        hash: 'a1',
        expires_ms: Date.now() + 60_000,
      });
    await ask('first');
    const [{ id }] = await api.dataSource.query('SELECT id FROM approvals');
    await ask('second');
    const shown = (await mission('approvals', 'show', id.slice(0, 8))).out;
    expect(shown).toMatch(/asks\s+Go on\?/);
    expect(shown).toContain('"script": "pay"');
    const stale = await mission('approvals', 'approve', id, '--hash', 'b2');
    expect(stale.err).toContain('has changed since it was looked at');
    const approved = await mission('approvals', 'approve', id.slice(0, 8), '--hash', 'a');
    expect(approved.out).toBe('first is approved\n');
    expect(approved.err).toContain('"script": "pay"');
    const last = await mission('approvals', 'deny', 'last');
    expect(last.out).toBe('second is denied\n');
    expect(last.err).toContain('second, pending, asking');
    const requests = new HelpRequests(api.dataSource, new Redactor());
    await requests.open({ kind: 'stuck', reason: 'Which door?', about: {}, actor: 'anna' });
    const listed = (await mission('approvals', 'list')).out;
    expect(listed).toMatch(/stuck +pending +help .*Which door\?/);
    expect((await mission('approvals', 'show', 'last')).out).toMatch(/from +anna/);
    expect((await mission('approvals', 'deny', 'last')).err).toContain('there is no approval yet');
    const answered = await mission('approvals', 'answer', 'last', 'the left one');
    expect(answered.out).toBe('help is answered\n');
    const all = (await mission('approvals', 'list', '--all', '--json')).out;
    expect(json(all)[0]).toMatchObject({ kind: 'STUCK', answer: 'the left one' });
    await api.dataSource.query('TRUNCATE approvals');
  });
});

describe('a question that nobody can approve', () => {
  const approve = (terms: string) =>
    `name: alone\nversion: 1.0.0\ndescription: d\npermissions: []\nsteps:\n  - { name: ask, description: Go on?, approve: ${terms} }\n`;
  const file = () => join(api.project, 'alone.yaml');
  const COMMANDS = [['lint'], ['plan'], ['run', '--no-wait']];
  const said = async (terms: string, [command, ...flags]: string[]) => {
    writeFileSync(file(), approve(terms));
    const { out, err } = await mission(command!, file(), ...flags);
    return out + err;
  };
  const WARNING =
    /nobody can approve "ask": operator starts the run, and nobody else .* self_approval/s;

  test.each(COMMANDS)('is told by %s', async (...command) => {
    expect(await said('{}', command)).toMatch(WARNING);
    expect(await said('{ who: operator }', command)).toMatch(WARNING);
    expect(await said('{ self_approval: true }', command)).not.toContain('can approve');
    expect(await said('{ who: alice, self_approval: true }', command)).toContain(
      'nobody who may approve has an API key',
    );
    expect(await said('{ quorum: 2, self_approval: true }', command)).toContain(
      'needs 2 approvers',
    );
  });

  test.each(COMMANDS)('is not told by %s where somebody else has a key', async (...command) => {
    await api.dataSource.query(
      `INSERT INTO api_keys (hash, name, actor, role) VALUES ('alice', 'alice', 'alice', 'operator')`,
    );
    expect(await said('{}', command)).not.toContain('can approve');
    expect(await said('{ who: bob }', command)).toContain('can approve');
    expect(await said(`{ who: '{{ "b" + "ob" }}' }`, command)).not.toContain('can approve');
    await api.dataSource.query(`DELETE FROM api_keys WHERE name = 'alice'`);
  });

  test('is told of a directive by name', async () => {
    const library = join(api.project, '.ai/directives');
    mkdirSync(library, { recursive: true });
    writeFileSync(join(library, 'alone.yaml'), approve('{}'));
    const { exit, err } = await mission('run', 'alone', '--no-wait');
    expect(exit).toBe(0);
    expect(err).toMatch(WARNING);
    const [planned] = json((await mission('plan', file(), '--json')).out);
    expect(planned.unanswerable).toMatchObject([{ code: 'no_approver', severity: 'warning' }]);
    rmSync(join(library, 'alone.yaml'));
  });
});

describe('plan', () => {
  const text = (version: string, steps: string) =>
    `name: weekly\nversion: ${version}\ndescription: d\npermissions: []\nsteps:\n${steps}\n`;
  const file = () => join(api.project, 'weekly.yaml');

  /** A run of an earlier version, which waits at a step that is gone. */
  async function underWay(): Promise<void> {
    const { plan } = compileDirective(text('0.9.0', '  - { name: ask, approve: {} }'), CATALOG);
    const values = [planHash(plan!), 'weekly', '0.9.0', JSON.stringify(plan), ''];
    await api.dataSource.query(
      'INSERT INTO directive_plans (hash, name, directive_version, plan, source) VALUES ($1, $2, $3, $4, $5)',
      values,
    );
    const pinned = { directive_name: 'weekly', directive_version: '0.9.0', plan_hash: values[0] };
    await insertRun(api.dataSource, 'w', { ...pinned, status: 'running' });
    await insertStep(api.dataSource, 'w', 'ask', { kind: 'approve', status: 'waiting' });
  }

  test('tells what an edit means for runs under way, and compares with what was run', async () => {
    await underWay();
    writeFileSync(file(), text('1.0.0', '  - { name: other, set: { a: 1 } }'));
    const { exit, out } = await mission('plan', file());
    expect(exit).toBe(0);
    expect(out).toContain('info live_runs 1 run of weekly 0.9.0 is in progress (1 running)');
    expect(out).toContain('warning live_wait 1 run of weekly 0.9.0 waits at ask (approve), which');
    const [planned] = json((await mission('plan', file(), '--json')).out);
    expect(planned.impact).toHaveLength(2);
    const diff = await mission('plan', '--diff', 'weekly@0.9.0', file());
    expect(diff.out).toContain('  - ask (approve)\n  + other (set)\n');
    expect((await mission('plan', '--orphans')).out).toContain('refer to exists.');
    const absent = await mission('plan', '--diff', 'weekly@0.1.0', file());
    expect(absent).toMatchObject({ exit: 2, err: expect.stringContaining('no weekly@0.1.0') });
  });
});
