import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { payloadCodec } from '../../src/platform/temporal/data-converter.js';
import { createKey, keyLine, Keyring } from '../../src/platform/keys/keyring.js';
import { Instance, ROOT, until } from '../support/instance.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** Planted: it must be nowhere. With everything in it that an encoding has to escape. */
const CANARY = 'Zx9"canary/Qw7+\\&ß=\'4711~%pL0vKd2sYb8Rt5';
const FROM_ENV = 'env-canary-0a9s8d7f6g5h4j3k';
const FROM_FILE = 'file-canary-p0o9i8u7y6t5r4e3';
/** Of a run that is encrypted: in Temporal it must be unreadable, in our own tables it may stand. */
const PRIVATE = 'nobody-reads-this-in-temporal';

/** Encodings as scripts make them, written down anew here. */
const base64 = (text: string, offset: number) =>
  Buffer.from('x'.repeat(offset) + text)
    .toString('base64')
    .slice(offset ? 4 : 0)
    .replace(/=+$/, '')
    .slice(0, -2);
const formsOf = (value: string): string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
  encodeURIComponent(value),
  encodeURI(value),
  Buffer.from(value).toString('hex'),
  ...[0, 1, 2].flatMap((offset) => {
    const text = base64(value, offset);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  }),
];
/** Also halves: a cut secret is one, too. */
const FORBIDDEN = [CANARY, FROM_ENV, FROM_FILE].flatMap(formsOf).flatMap((form) => {
  const half = Math.floor(form.length / 2);
  return [form.slice(2, half), form.slice(half, -2)].filter((part) => part.length >= 10);
});
const found = (text: string) => FORBIDDEN.filter((form) => text.includes(form));

const JS = `import { writeFileSync } from 'node:fs';
export default async ({ inputs: { token, how }, context }) => {
  const b = Buffer.from(token);
  const all = { plain: token, json: JSON.stringify({ token }), twice: JSON.stringify(JSON.stringify([token])),
    url: encodeURIComponent(token), uri: encodeURI(token), hex: b.toString('hex'), ['key ' + token]: 1,
    basic: [0, 1, 2].map((n) => Buffer.from('x'.repeat(n) + token).toString('base64')),
    safe: [0, 1, 2].map((n) => Buffer.from('x'.repeat(n) + token).toString('base64url')), length: token.length };
  console.log('print', token); console.error('error', all.basic[1]);
  context.log('info', 'log ' + token, all);
  context.progress(1, 2, 'progress ' + token);
  process.stdout.write('half ' + token.slice(0, 20)); await new Promise((r) => setTimeout(r, 30));
  process.stdout.write(token.slice(20) + ' rest\\n');
  if (how === 'throw') throw Object.assign(new Error('no ' + token), { data: all, code: 'js_failed' });
  if (how === 'write') writeFileSync(context.project_path + '/left-behind', token);
  if (how === 'keep') writeFileSync(context.artifacts_dir + '/kept.bin', Buffer.concat([Buffer.alloc(262_140), b]));
  if (how === 'name') writeFileSync(context.artifacts_dir + '/' + all.hex, '');
  all.asked = await context.secret('from_env');
  return all;
};`;
const PY = `import sys, json, base64, urllib.parse
def execute(context, params):
    t = params["token"]
    print("print", t); print(repr(t), base64.b64encode(t.encode()).decode(), file=sys.stderr)
    context.log("warn", "log " + t, {"t": [t]})
    if params.get("how") == "throw":
        raise ValueError("no " + t)
    return {"plain": t, "json": json.dumps({"t": t}), "url": urllib.parse.quote(t), "plus": urllib.parse.quote_plus(t),
            "hex": t.encode().hex(), "base64": [base64.b64encode(b"x" * n + t.encode()).decode() for n in range(3)],
            "length": len(t), "asked": context.secret("from_env")}
`;
const SH = `#!/bin/sh
. "$MISSION_SDK"
input=$(cat)
printf '%s\\n' "$input"
echo "$input"
printf %s "$input" | base64 -w 0 >&2
printf '%s' "$input" | od -An -tx1 | tr -d ' \\n' >&2
printf '%s\\n' "$input" >&2
case "$input" in *throw*) exit 3;; esac
printf '{"all": %s, "asked": "%s"}\\n' "$input" "$(mission_secret from_env)"
`;
const TS = JS.replace(
  '({ inputs: { token, how }, context })',
  '({ inputs: { token, how }, context }: any)',
);

const step = (name: string, script: string, how = '') =>
  `  - { name: ${name}, script: ${script}, inputs: { token: secret://canary, how: '${how}' }${how ? ', on_error: continue' : ''} }`;

const FILES = {
  'mission.yaml': `secrets: { file: secrets.yaml }
mcp_servers:
  odd: { command: ${process.execPath}, args: ["${join(import.meta.dirname, '../tools/mcp/servers/odd-server.mjs')}", tell-env], env: { TOKEN: 'secret://from_file' } }
`,
  'secrets.yaml': `from_file: ${FROM_FILE}\n`,
  '.ai/scripts/echo_js.js': JS,
  '.ai/scripts/echo_ts.ts': TS,
  '.ai/scripts/echo_py.py': PY,
  '.ai/scripts/echo_sh.sh': SH,
  '.ai/scripts/read_back.js': `import { readFileSync } from 'node:fs';
export default async ({ context: { project_path } }) => {
  let source = 'hidden';
  try {
    source = readFileSync(project_path + '/secrets.yaml', 'utf8').includes('from_file') ? 'readable' : 'hidden';
  } catch {}
  return { text: readFileSync(project_path + '/left-behind', 'utf8'), source };
};`,
  '.ai/directives/echo.yaml': `name: echo
version: 1.0.0
description: Gives away a secret in every way
inputs: { given: { type: string, format: secret } }
permissions: ['execute:mcp_gateway', 'read:secrets', 'write:events', 'write:filesystem:**']
steps:
${['js', 'ts', 'py', 'sh'].flatMap((end) => [step(`${end}_ok`, `echo_${end}`), step(`${end}_bad`, `echo_${end}`, 'throw')]).join('\n')}
  - { name: own, script: echo_js, timeout_seconds: 30, inputs: { token: '{{ inputs.given }}', how: write } }
${step('kept', 'echo_js', 'keep')}
${step('named', 'echo_ts', 'name')}
  - { name: again, mcp: { server: odd, tool: echo, arguments: { token: secret://canary, other: '{{ inputs.given }}' } } }
  - { name: environment, mcp: { server: odd, tool: env } }
  - { name: missing, script: echo_js, inputs: { token: secret://nobody_has_it }, on_error: { set: { error: '{{ error }}' } } }
  - { emit: told, inputs: { all: '{{ steps.js_ok }}' } }
  - { name: asked, approve: { who: [], expiry_seconds: 0.1, form: { why: { type: string } } }, description: 'Is {{ steps.js_ok.plain }} right?', on_error: continue }
  - { name: last, script: echo_js, inputs: { token: secret://canary, how: throw } }
`,
  '.ai/directives/reads_back.yaml': `name: reads_back
version: 1.0.0
description: Meets a secret that another process left in a file
permissions: ['read:filesystem:**']
steps: [{ script: read_back }]
`,
  '.ai/directives/denied.yaml': `name: denied
version: 1.0.0
description: Is given a secret that it may not have
inputs: { token: { type: string } }
permissions: ['read:secrets:other']
steps: [{ script: echo_js, inputs: { token: '{{ inputs.token }}' } }]
`,
  '.ai/directives/waits.yaml': `name: waits
version: 1.0.0
description: Waits, and then fails with what it was told
inputs: { word: { type: string } }
permissions: []
steps:
  - { name: word, set: { said: '{{ inputs.word }}' } }
  - { name: signal, wait: { signal: go } }
  - { name: end, fail: { message: '{{ inputs.word }} {{ result.more }}', code: as_told } }
`,
};

let instance: Instance;
let keys: string;
const runs: Record<string, string> = {};

const write = (...list: ReturnType<typeof createKey>[]) =>
  writeFileSync(keys, list.map(keyLine).join('\n'));
const [first, second] = [createKey(), createKey()];

const signal = (id: string) =>
  instance.graphql(
    'mutation ($id: ID!) { signalExecution(id: $id, name: "go", payload: {more: "words"}) { id } }',
    { id },
  );
const waiting = (id: string) =>
  until(
    'it waits',
    async () =>
      (
        await instance.query(
          `SELECT 1 FROM execution_steps WHERE run_id = $1 AND status = 'waiting'`,
          [id],
        )
      ).length > 0,
  );

/** The history as Temporal keeps it: this client has no codec. */
async function history(id: string) {
  const [run] = await instance.query('SELECT workflow_id FROM directive_executions WHERE id = $1', [
    id,
  ]);
  const connection = await Connection.connect({ address: instance.addresses.temporal_address });
  try {
    return await new Client({ connection }).workflow.getHandle(run.workflow_id).fetchHistory();
  } finally {
    await connection.close();
  }
}

const raw = (told: Awaited<ReturnType<typeof history>>): string =>
  Buffer.from(proto.temporal.api.history.v1.History.encode(told as never).finish()).toString(
    'latin1',
  );

/** Every payload in it, decrypted, with all the rest. */
function decoded(value: unknown, ring: Keyring): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value !== 'object' || value === null) return String(value);
  const { metadata, data } = value as { metadata?: Record<string, Uint8Array>; data?: Uint8Array };
  const id = metadata?.['encryption-key-id'];
  if (id && data) {
    const { Payload } = proto.temporal.api.common.v1;
    const inner = Payload.decode(ring.open(Buffer.from(id).toString(), data, 'temporal:payload'));
    return Buffer.from(inner.data).toString('utf8');
  }
  return Object.values(value)
    .map((each) => decoded(each, ring))
    .join('\n');
}

beforeAll(async () => {
  instance = await Instance.create(FILES);
  instance.set('MISSION_SECRET_FROM_ENV', FROM_ENV);
  await instance.up();
  keys = join(instance.home, 'payload.keys');
  write(first);
  runs['clear'] = await instance.start('waits', { word: 'in-clear' });
  await waiting(runs['clear']);
  await instance.stop();
  instance.set('MISSION_PAYLOAD_KEYS', keys);
  await instance.up();
  await instance.graphql(
    'mutation ($value: String!) { setSecret(name: "canary", value: $value) { name } }',
    { value: CANARY },
  );
}, 120_000);
afterAll(async () => {
  await Runtime.instance().shutdown();
  await instance.remove();
});

describe('a planted secret', () => {
  test('reaches scripts in every language and a server, and what they say of it is masked', async () => {
    const id = await instance.start('echo', { given: 'secret://from_env' });
    const run = await instance.ended(id);
    expect(run.inputs).toEqual({ given: 'secret://from_env' });
    expect(run.error).toMatchObject({ code: 'js_failed', message: 'no «secret:canary»' });
    const rows = await instance.query(
      'SELECT name, status, inputs, result, error FROM execution_steps WHERE run_id = $1',
      [id],
    );
    const of = Object.fromEntries(rows.map((row) => [row.name, row]));
    for (const name of ['js_ok', 'ts_ok', 'py_ok']) {
      expect(of[name]).toMatchObject({
        inputs: { token: 'secret://canary' },
        result: {
          plain: '«secret:canary»',
          length: CANARY.length,
          asked: '«secret:from_env»',
        },
      });
    }
    expect(of['sh_ok'].result).toMatchObject({
      all: { inputs: { token: '«secret:canary»' } },
      asked: '«secret:from_env»',
    });
    for (const name of ['kept', 'named'])
      expect(of[name].error).toMatchObject({
        code: 'output_invalid',
        message: expect.stringContaining('«secret:canary»'),
      });
    expect(await instance.query('SELECT path FROM artifacts')).toEqual([]);
    expect(of['own'].result).toMatchObject({ plain: '«secret:from_env»', length: FROM_ENV.length });
    for (const name of ['js_bad', 'ts_bad', 'py_bad', 'sh_bad'])
      expect(of[name].status).toBe('error');
    expect(of['py_bad'].error.message).toContain('no «secret:canary»');
    expect(of['sh_bad'].error.data.stderr).toContain('«secret:canary»');
    expect(JSON.parse(of['again'].result.text ?? of['again'].result).args).toEqual({
      token: '«secret:canary»',
      other: '«secret:from_env»',
    });
    expect(JSON.stringify(of['environment'].result)).toContain('«secret:from_file»');
    expect(of['missing'].error).toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(
        /mission secrets set nobody_has_it.*secrets.yaml.*MISSION_SECRET_NOBODY_HAS_IT/,
      ),
    });
    runs['echo'] = id;
    const told = await instance.graphql('mutation { callMcpTool(server: "odd", tool: "env") }');
    expect(JSON.stringify(told)).toContain('«secret:from_file»');
  }, 60_000);

  test('is refused without the right, and each use is in the audit trail', async () => {
    const run = await instance.ended(await instance.start('denied', { token: 'secret://canary' }));
    expect(run.error).toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('read:secrets:canary'),
    });
    const trail = await instance.query(
      `SELECT action, actor, data->>'step_path' AS step FROM audit_events WHERE target = 'secret:canary' ORDER BY id`,
    );
    expect(trail[0]).toMatchObject({ action: 'secret.set', actor: 'operator' });
    expect(trail.at(-1)).toMatchObject({ action: 'secret.denied' });
    const uses = trail.filter(({ action }) => action === 'secret.use').map(({ step }) => step);
    expect(new Set(uses)).toEqual(
      new Set([
        'js_ok',
        'js_bad',
        'ts_ok',
        'ts_bad',
        'py_ok',
        'py_bad',
        'sh_ok',
        'sh_bad',
        'kept',
        'named',
        'again',
        'last',
      ]),
    );
  });
});

describe('with encrypted payloads', () => {
  test('a missing key is named, the worker lives, and the run goes on when the key is there', async () => {
    runs['first'] = await instance.start('waits', { word: PRIVATE });
    await waiting(runs['first']);
    write(second);
    await instance.kill('worker');
    const worker = await until('it is back', () => instance.pid('worker'));
    await signal(runs['first']);
    await until('it says what is missing', () =>
      readFileSync(join(instance.home, 'logs/worker.log'), 'utf8').includes(
        `The key "${first.id}" is missing`,
      ),
    );
    write(second, first);
    expect(await instance.ended(runs['first'])).toMatchObject({
      error: { message: `${PRIVATE} words` },
    });
    expect(instance.pid('worker')).toBe(worker);
  }, 60_000);

  test('a run under way goes on with a new key, and one that was begun in clear as well', async () => {
    await signal(runs['clear']!);
    expect(await instance.ended(runs['clear']!)).toMatchObject({
      status: 'error',
      error: { code: 'as_told', message: 'in-clear words' },
    });
    const told = raw(await history(runs['first']!));
    for (const { id } of [first, second]) expect(told).toContain(id);
  });

  test('Temporal has nothing in clear but names, and those with the keys read it all', async () => {
    const told = await history(runs['first']!);
    expect(raw(told)).not.toContain(PRIVATE);
    expect(raw(told)).toContain('Encoded failure');
    expect(decoded(told, new Keyring([second, first], 'here'))).toContain(
      `"message":"${PRIVATE} words"`,
    );
    expect(filesWith([PRIVATE], ['temporal.db', 'temporal.db-wal'])).toEqual([]);
    const [payload] = told.events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads!;
    const body = {
      payloads: [
        proto.temporal.api.common.v1.Payload.toObject(payload as never, { bytes: String }),
      ],
    };
    const answer = await instance.post('/codec/decode', body);
    const { data } = answer.body.payloads[0];
    expect(JSON.parse(Buffer.from(data, 'base64').toString())).toMatchObject({
      inputs: { word: PRIVATE },
    });
    await Worker.runReplayHistory(
      {
        workflowBundle: { codePath: join(ROOT, 'dist/workflow-bundle-encrypted.js') },
        dataConverter: { payloadCodecs: [payloadCodec(keys)] },
      },
      told,
    );
  });
});

describe('in the end a planted secret', () => {
  test('is known to a process that never asked for it', async () => {
    await instance.kill('worker');
    const run = await instance.ended(await instance.start('reads_back'));
    expect(run.result).toEqual({ text: '«secret:from_env»', source: 'hidden' });
  });

  test('is in no table', async () => {
    const tables = await instance.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    expect(tables.length).toBeGreaterThan(15);
    for (const { relname } of tables) {
      const rows = await instance.query(`SELECT t::text AS text FROM "${relname}" t`);
      expect({ relname, found: rows.flatMap(({ text }) => found(text)) }).toEqual({
        relname,
        found: [],
      });
    }
    const logs = await instance.query(
      `SELECT string_agg(message, E'\\n') AS text FROM log_entries`,
    );
    for (const line of [
      'print «secret:canary»',
      'half «secret:canary» rest',
      'progress «secret:canary»',
      'token: «secret:from_file»',
    ]) {
      expect(logs[0].text).toContain(line);
    }
  });

  test('is in no history, encrypted or not', async () => {
    const ring = new Keyring([second, first], 'here');
    const ids = await instance.query('SELECT id FROM directive_executions');
    for (const { id } of ids) expect(found(decoded(await history(id), ring))).toEqual([]);
    expect(decoded(await history(runs['echo']!), ring)).toContain('«secret:canary»');
  });

  test('is in no answer of the API', async () => {
    const RUN =
      'id inputs result error { code message data } steps { name inputs result error { message data } }';
    const answers = await Promise.all(
      [
        `{ executions(first: 100) { nodes { ${RUN} } } }`,
        '{ logs(first: 100) { nodes { message data } } }',
        '{ alerts(first: 100) { nodes { message data } } }',
        '{ auditEvents(first: 100) { nodes { action target data } } }',
        '{ approvals(first: 100) { nodes { description who form } } }',
        '{ secrets { name source updatedAt usedAt } mcpServers { id reason tools { name } } }',
      ].map((query) => instance.graphql(query)),
    );
    expect(found(JSON.stringify(answers))).toEqual([]);
    expect(answers[5].secrets.map(({ name, source }: any) => `${name} ${source}`)).toEqual([
      'canary STORE',
      'from_env ENVIRONMENT',
      'from_file FILE',
    ]);
  });

  test('is in no file that the instance keeps', async () => {
    await instance.stop();
    expect(filesWith(FORBIDDEN)).toEqual([]);
    expect(statSync(join(instance.home, 'secrets.keys')).mode & 0o777).toBe(0o600);
  });
});

/** Files below the instance's directory, but the project's, that hold one of these. */
function filesWith(texts: string[], names?: string[]): string[] {
  return readdirSync(instance.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (names?.includes(entry.name) ?? true))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(instance.project))
    .filter((file) => {
      const bytes = readFileSync(file);
      return texts.some((text) => bytes.includes(text));
    });
}
