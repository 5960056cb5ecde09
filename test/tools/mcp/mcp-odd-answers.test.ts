import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/contracts/json/json.js';
import { GatewayFixture, stdio, until } from './gateway-fixture.js';

const SCRIPTED = join(import.meta.dirname, 'servers/scripted-server.mjs');
const SAY = { name: 'say', inputSchema: { type: 'object' } };
const FAST = { pingEveryMs: 100, pingTimeoutMs: 400 };

const scripted = (answers: Record<string, Json>, before = '') =>
  stdio(SCRIPTED, JSON.stringify({ answers, before }));
const listing = (...tools: Json[]) => scripted({ 'tools/list': { result: { tools } } });

describe('What a server over stdio answers oddly', () => {
  let fixture: GatewayFixture;
  beforeAll(async () => void (fixture = await GatewayFixture.create()));
  afterEach(() => fixture.stopGateways());
  afterAll(() => fixture.end());

  const logs = (like: string): Promise<{ message: string; level: string }[]> =>
    fixture.dataSource.query('SELECT message, level FROM log_entries WHERE message LIKE $1', [
      like,
    ]);

  it('counts any answer to a ping as life, and silence as none', async () => {
    const gateway = await fixture.gateway(
      {
        unknown: scripted({ ping: { error: { code: -32601, message: 'no ping' } } }),
        invalid: scripted({ ping: { error: { code: -32600, message: 'not initialised' } } }),
        more: scripted({ ping: { result: { ok: true } } }),
        list: scripted({ ping: { result: [] } }),
        nothing: scripted({ ping: { result: null } }),
        text: scripted({ ping: { error: 'no' } }),
        silent: scripted({ ping: { nothing: true } }),
      },
      FAST,
    );
    await until(async () => (await gateway.status('silent')).state === 'disconnected');
    for (const server of gateway.servers.filter((each) => each !== 'silent')) {
      await gateway.probe(server, 2_000);
      expect(await gateway.status(server)).toMatchObject({ state: 'connected', reason: null });
      expect((await gateway.status(server)).tools).toHaveLength(4);
    }
  });

  it('lets calls go on for longer than two pings', async () => {
    const error = { error: { code: -32601, message: 'no ping' } };
    const gateway = await fixture.gateway({ odd: scripted({ ping: error }) }, FAST);
    const steps = { count: 1, everyMs: 700 };
    expect(await gateway.call('odd', 'steps', steps, { timeoutMs: 9_000 })).toBe('"done"');
  });

  it.each<[string, Json, string | undefined]>([
    ['a list of properties', { properties: [] }, 'inputSchema.properties is a list'],
    ['a root that is a choice', { anyOf: [{ type: 'object' }] }, undefined],
    ['an empty schema', {}, undefined],
    ['no schema', null, 'inputSchema is null'],
    ['required that is null', { type: 'object', required: null }, 'inputSchema.required is null'],
    ['a boolean for a property', { type: 'object', properties: { a: true } }, undefined],
    [
      'a list of properties inside',
      { properties: { a: { properties: [] } } },
      'inputSchema.properties.a.properties is a list',
    ],
    ['a schema of texts', { type: 'string' }, 'inputSchema.type is "string"'],
    ['a text for a schema', 'object', 'inputSchema is a string'],
  ])('offers all tools where one has %s', async (_what, inputSchema, warning) => {
    const gateway = await fixture.gateway({ odd: listing(SAY, { name: 'x', inputSchema }, SAY) });
    const { tools, warnings, state } = await gateway.status('odd');
    expect([state, tools.map(({ name }) => name)]).toEqual(['connected', ['say', 'x']]);
    expect(tools[1]!.inputSchema['type']).toBe('object');
    if (warning === undefined) return expect(warnings).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(`tool x: ${warning}`)]);
    await until(async () => (await logs(`MCP server odd: tool x: ${warning}%`)).length > 0);
  });

  it('leaves out what is no tool, and names it', async () => {
    const entries: Json[] = [{ name: 7 }, { inputSchema: {} }, null, 'say', SAY];
    const gateway = await fixture.gateway({
      odd: listing(...entries),
      none: scripted({ 'tools/list': { result: { tools: null } } }),
      holes: scripted({ 'tools/list': { result: { tools: { 0: SAY, 2: { name: 'b' } } } } }),
    });
    const { tools, warnings } = await gateway.status('odd');
    expect(await gateway.status('none')).toMatchObject({ state: 'connected', tools: [] });
    expect(tools).toEqual([SAY]);
    expect(warnings).toEqual([
      expect.stringContaining('the name 7 is left out'),
      expect.stringContaining('no name is left out'),
      expect.stringContaining('an entry that is not a tool is left out: null'),
      expect.stringContaining('an entry that is not a tool is left out: say'),
    ]);
    expect((await gateway.status('holes')).tools.map(({ name }) => name)).toEqual(['say', 'b']);
  });

  const page = (n: number, nextCursor?: Json) => ({
    result: { tools: [{ name: `t${n}` }], ...(nextCursor !== undefined && { nextCursor }) },
  });
  it.each<[string, Json[], number]>([
    ['null', [page(1, null)], 1],
    ['an empty text', [page(1, ''), page(2)], 1],
    ['the same again', [page(1, 'x'), page(2, 'x'), page(3, 'x')], 2],
    ['going round', [page(1, 'x'), page(2, 'y'), page(3, 'x'), page(4, 'y')], 3],
    ['numbers', [page(1, 1), page(2, 2), page(3)], 3],
    ['false', [page(1, false), page(2)], 1],
    ['new for ever', Array.from({ length: 60 }, (_, n) => page(n % 3, n + 1)), 3],
    ['30 pages long', Array.from({ length: 30 }, (_, n) => page(n, n < 29 ? `c${n}` : null)), 30],
  ])('reads pages whose cursor is %s', async (_what, pages, count) => {
    const server = scripted({ 'tools/list': pages });
    const gateway = await fixture.gateway({ odd: server }, { pingEveryMs: 60_000 });
    expect((await gateway.status('odd')).tools).toHaveLength(count);
  });

  it('keeps the tools of the pages before one that fails, says so, and calls the others', async () => {
    const failed = { error: { code: -32000, message: 'the index is locked' } };
    const gateway = await fixture.gateway(
      { odd: scripted({ 'tools/list': [page(1, 'x'), failed] }) },
      { pingEveryMs: 60_000 },
    );
    expect(await gateway.status('odd')).toMatchObject({
      state: 'degraded',
      reason: 'its tools cannot be listed: the index is locked',
      tools: [{ name: 't1' }],
    });
    const answer = { result: { content: [] } };
    expect(await gateway.call('odd', 'say', { answer }, { timeoutMs: 5_000 })).toBe('');
  });

  const content = [{ type: 'text', text: 'plain' }];
  it.each<[Json, Json]>([
    [{ content, structuredContent: [{ id: 1 }] }, [{ id: 1 }]],
    [{ content, structuredContent: 7 }, 7],
    [{ content, structuredContent: false }, false],
    [{ content, structuredContent: 'text' }, 'text'],
    [{ content, structuredContent: null }, 'plain'],
    [{ content: [], structuredContent: null }, null],
    [{ content, isError: null, _meta: null, annotations: 3 }, 'plain'],
    [{ content: 'plain' }, 'plain'],
    [{ content: content[0]! }, 'plain'],
    [{ content: null }, ''],
    [{ content: [{ type: 'text', text: { a: 1 } }] }, '{"a":1}'],
    [{ content: [{ type: 'hologram' }] }, [{ type: 'hologram' }]],
    [{ answer: 42 }, { answer: 42 }],
    [
      [1, 2],
      [1, 2],
    ],
    ['text', 'text'],
    [null, null],
  ])('gives what there is of the result %j', async (result, expected) => {
    const gateway = await fixture.gateway({ odd: scripted({}) });
    const call = gateway.call('odd', 'say', { answer: { result } }, { timeoutMs: 5_000 });
    expect(await call).toEqual(expected);
  });

  it.each<[Json, string]>([
    [{ result: { isError: true, content: [], structuredContent: { e: 'no city' } } }, 'no city'],
    [
      {
        result: { isError: true, content: [{ type: 'text', text: ' ' }], structuredContent: ['b'] },
      },
      '["b"]',
    ],
    [{ result: { isError: true, content: 'as text' } }, 'as text'],
    [{ result: { isError: true } }, 'failed without a message'],
    [{ error: { code: -32000, message: '', data: { why: 'locked' } } }, 'locked'],
    [{ error: { message: 'no code' } }, 'no code'],
    [{ error: 'only a text' }, 'only a text'],
    [{ result: null, error: { code: 1, message: 'both' } }, 'both'],
    [{ id: null, error: { code: -32700, message: 'not understood' } }, 'not understood'],
    [
      {
        result: {
          resultType: 'input_required',
          inputRequests: { a: { method: 'elicitation/create' } },
        },
      },
      'asks for elicitation/create',
    ],
  ])('fails with the words of %j', async (answer, words) => {
    const gateway = await fixture.gateway({ odd: scripted({}) }, { pingEveryMs: 60_000 });
    const call = gateway.call('odd', 'say', { answer }, { timeoutMs: 5_000 });
    await expect(call).rejects.toMatchObject({
      code: 'mcp_error',
      message: expect.stringContaining(words),
    });
  });

  it.each<[string, Json, string]>([
    ['a banner glued to it', {}, 'Loading... '],
    ['an error that is null', { error: null }, ''],
    ['an id that is a text', { id: '0' }, ''],
    ['a byte order mark', {}, '\uFEFF'],
    ['an id that is null', { id: null }, ''],
    ['a wrong id', { id: 1 }, ''],
    ['colours', {}, '\u001b[32m'],
    [
      'capabilities of PHP',
      {
        result: {
          protocolVersion: '2025-06-18',
          capabilities: { tools: [] },
          serverInfo: [],
          instructions: null,
        },
      },
      '',
    ],
  ])('understands a handshake with %s', async (_what, odd, before) => {
    const result = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: {} };
    const initialize = { result, ...(odd as object) };
    const gateway = await fixture.gateway({ odd: scripted({ initialize }, before) });
    expect(await gateway.status('odd')).toMatchObject({
      state: 'connected',
      protocol_version: '2025-06-18',
      warnings: [],
    });
  });

  it('takes an answer out of a line that has something around it', async () => {
    const gateway = await fixture.gateway({ odd: scripted({}) });
    const result = { structuredContent: { brace: '}"{' } };
    const line = `done: {"jsonrpc":"2.0","id":$ID,"result":${JSON.stringify(result)}} in 3 ms\n`;
    const call = gateway.call('odd', 'say', { answer: { line } }, { timeoutMs: 5_000 });
    expect(await call).toEqual({ brace: '}"{' });
    await until(async () => (await logs('stdout: done:%in 3 ms')).length > 0);
  });

  it('keeps the digits of a number that a double does not hold', async () => {
    const gateway = await fixture.gateway({ odd: scripted({}) });
    const result =
      '{"structuredContent":{"id":9007199254740993,"ids":[-1e400,12],"text":"9007199254740993"}}';
    for (const before of ['', 'done: ']) {
      const line = `${before}{"jsonrpc":"2.0","id":$ID,"result":${result}}\n`;
      const call = gateway.call('odd', 'say', { answer: { line } }, { timeoutMs: 5_000 });
      const digits = '9007199254740993';
      expect(await call).toEqual({ id: digits, ids: ['-1e400', 12], text: digits });
    }
  });

  it('takes an answer whose line has no end', async () => {
    const handshake = { protocolVersion: '2025-06-18', capabilities: { tools: {} } };
    const line = `Content-Length: 1\r\n\r\n{"jsonrpc":"2.0","id":$ID,"result":${JSON.stringify(handshake)}}`;
    const gateway = await fixture.gateway({ odd: scripted({ initialize: { line } }) });
    expect(await gateway.status('odd')).toMatchObject({ state: 'connected' });
  });

  it('does not take its log for an answer, and writes it down', async () => {
    const before =
      'Weather service\n{"level":30,"msg":"ready","id":0,"error":"none"}\nreceived {"jsonrpc":"2.0","id":0,"method":"initialize"}\nsent {"jsonrpc":"2.0","id":0,"result":{"protoc…\n';
    const gateway = await fixture.gateway({ odd: scripted({}, before) });
    expect((await gateway.status('odd')).state).toBe('connected');
    await until(async () => (await logs('stdout: %')).length >= 4);
  });

  it('says at once what came where an answer cannot be read', async () => {
    const broken = '{"jsonrpc":"2.0","id":$ID,"result":{"temperature":NaN}}\n';
    const pretty = '{\n  "jsonrpc": "2.0",\n  "result": {}\n}\n';
    const gateway = await fixture.gateway({
      calls: scripted({}),
      starts: scripted({ initialize: { line: broken } }),
      spread: scripted({ initialize: { line: pretty } }),
      versionless: scripted({ initialize: { result: { name: 'x' } } }),
    });
    expect((await gateway.status('starts')).reason).toContain('"temperature":NaN');
    expect((await gateway.status('spread')).reason).toContain('"jsonrpc": "2.0"');
    expect((await gateway.status('versionless')).reason).toContain('no protocol version: {"name"');
    const call = gateway.call('calls', 'say', { answer: { line: broken } }, { timeoutMs: 9_000 });
    await expect(call).rejects.toMatchObject({
      code: 'mcp_error',
      message: expect.stringContaining('cannot be read: {"jsonrpc":"2.0","id":'),
    });
  });

  it('names what it heard of a server that does not come to an answer in its own time', async () => {
    const silent = scripted({ initialize: { line: 'Please log in first' } });
    const gateway = await fixture.gateway({ silent: { ...silent, startupTimeoutMs: 900 } });
    expect((await gateway.status('silent')).reason).toBe(
      'no answer within 900 ms; its stdout had: Please log in first',
    );
  });

  it('asks for progress, tells it, and gives a call more time for it', async () => {
    const gateway = await fixture.gateway({ odd: scripted({}) });
    const seen: unknown[] = [];
    const options = {
      timeoutMs: 600,
      maxTimeoutMs: 6_000,
      onProgress: (...at: unknown[]) => seen.push(at),
    };
    const steps = { count: 4, everyMs: 250 };
    expect(await gateway.call('odd', 'steps', steps, options)).toBe('"done"');
    expect(seen).toEqual([1, 2, 3, 4].map((n) => [n, 4, `step ${n}`]));
    const bounded = { ...options, maxTimeoutMs: 900 };
    await expect(
      gateway.call('odd', 'steps', { ...steps, count: 99 }, bounded),
    ).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('did not end within'),
    });
    await expect(
      gateway.call('odd', 'steps', { count: 1, everyMs: 5_000 }, options),
    ).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('600 ms') });
    const heard = JSON.parse((await gateway.call('odd', 'heard', {}, options)) as string);
    const cancelled = heard.filter(({ method }: any) => method === 'notifications/cancelled');
    expect(cancelled).toHaveLength(2);
  });

  it.each(['elicitation/create', 'sampling/createMessage', 'roots/list', 'house/call'])(
    'refuses %s of a called server',
    async (method) => {
      const gateway = await fixture.gateway({ odd: scripted({}) });
      const answer = await gateway.call('odd', 'ask', { method }, { timeoutMs: 5_000 });
      const { error } = JSON.parse(answer as string);
      expect(error.code).toBe(-32601);
      expect(error.message).toContain(`Method not found: ${method}. Mission Control cannot answer`);
      await until(
        async () => (await logs(`the server requested ${method}, which was refused%`)).length > 0,
      );
    },
  );
});
