import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { Execution } from '../../src/contracts/execution.js';
import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import type { PlanStep } from '../../src/contracts/plan.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { RerunService } from '../../src/replays/rerun-service.js';
import { ShadowService } from '../../src/replays/shadow-service.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { Library } from '../../src/platform/library/library.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { Plans } from '../../src/runs/values/plans.js';
import { startTestEngine, type TestEngine, workflowOf } from '../support/engine.js';
import { until } from '../support/instance.js';
import { modelAt, ModelServer, type Said } from '../support/model-server.js';
import { modelTurns } from '../support/model-turns.js';

const KEY = 'key-of-the-operator-1234';
const MODELS = ['default', 'claude', 'nowhere'];
let model: ModelServer;
let engine: TestEngine;
let project: string;
let library: Library;
let calls: string[] = [];
/** Lets the script `hang` come to its end. */
let release: () => void;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'mission-llm-'));
  for (const folder of ['directives', 'scripts'])
    mkdirSync(join(project, '.ai', folder), { recursive: true });
  const manifests = {
    count:
      'description: Counts.\ninputs:\n  text: { type: string, description: What to count. }\n  most: { type: integer, default: 5 }\n',
    faulty: 'inputs: { a: { type: text } }\n',
  };
  for (const [name, text] of Object.entries(manifests))
    writeFileSync(join(project, `.ai/scripts/${name}.yaml`), text);
  for (const name of ['look_up', 'refuse', 'hang', 'count', 'faulty'])
    writeFileSync(
      join(project, `.ai/scripts/${name}.js`),
      `/** Does ${name}.\n * Takes a word. */\n`,
    );
  library = new Library({
    project,
    userHome: project,
    mcpServers: ['files'],
    models: Object.fromEntries(MODELS.map((name) => [name, {}])),
    ceilings: DEFAULT_CEILINGS,
  });
  model = await ModelServer.start();
  const redactor = new Redactor();
  const models = {
    default: modelAt(model.url, { apiKey: KEY, maxOutputTokens: 200 }),
    claude: modelAt(model.url, {
      provider: 'anthropic',
      model: 'claude-1',
      apiKey: 'secret://key',
    }),
    nowhere: modelAt('http://127.0.0.1:9/v1'),
  };
  const findScript = async (name: string) => (await library.catalog()).projectScripts.get(name);
  const secrets = {
    async resolve(name: string) {
      redactor.learn(name, KEY);
      return KEY;
    },
  };
  const mcp = {
    status: async (server: string) => ({
      ...{ server, worker_id: 'w', state: 'connected' as const, reason: null, since: '' },
      ...{ checked_at: '', transport: 'stdio' as const, jailed: false, latency_ms: 1 },
      ...{ protocol_version: null, warnings: [] },
      tools: ['read.file', 'list'].map((name) => ({ name, inputSchema: { type: 'object' } })),
    }),
    call: async (server: string, tool: string, args: JsonObject) =>
      `${server} ${tool} ${JSON.stringify(args)}`,
  };
  engine = await startTestEngine(
    (dataSource) => ({
      redactor,
      findScript,
      mcp,
      turns: modelTurns(dataSource, { models, secrets, redactor, findScript, mcp }),
      projectScripts: {
        async run({ name }, { inputs, context, signal }) {
          calls.push(`${context.step_path}#${context.iteration}`);
          if (name === 'refuse')
            throw new MissionError('no_such_word', 'not that one', { word: 1 });
          if (name === 'hang')
            await new Promise<void>((yes, no) => {
              release = yes;
              signal.addEventListener('abort', no);
            });
          return { got: inputs };
        },
      },
    }),
    library,
  );
}, 120_000);
afterAll(async () => {
  await engine.stop();
  await model.stop();
  rmSync(project, { recursive: true });
});
beforeEach(() => {
  calls = [];
});

/** A directive with one question, as YAML reads JSON. */
const directive = (ask: JsonObject, { step, ...head }: JsonObject = {}) => ({
  name: 'asks',
  version: '1.0.0',
  description: 'd',
  permissions: ['execute:models', 'execute:mcp_gateway'],
  ...head,
  steps: [{ name: 'ask', llm: ask, ...(step as JsonObject) }] as Json[],
});

async function accept(text: JsonObject, inputs?: JsonObject): Promise<string> {
  const { plan, diagnostics } = await shelf().validate(JSON.stringify(text));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return engine.accept(plan!, inputs);
}

const shelf = () => new DirectiveRegistry(library, new PlanReader(engine.dataSource));
const run = async (ask: JsonObject, more?: JsonObject): Promise<Execution> =>
  engine.ended(await accept(directive(ask, more)));

interface Row {
  name: string;
  path: string;
  iteration: string;
  status: string;
  attempt: number;
  inputs: Json;
  result: any;
  error: any;
}

const rowsOf = ({ id }: { id: string }): Promise<Row[]> =>
  engine.dataSource.query('SELECT * FROM execution_steps WHERE run_id = $1 ORDER BY seq', [id]);

const shown = (rows: Row[]) =>
  rows.map(({ name, iteration, status }) => `${name}[${iteration}] ${status}`);

const spentOf = async ({ id }: Execution): Promise<any> => {
  const sql = 'SELECT spent FROM directive_executions WHERE id = $1';
  return (await engine.dataSource.query(sql, [id]))[0].spent;
};

/** What the model was told by the request of an index, but for its instructions. */
const told = (index: number): any[] =>
  model.asked[index]!.body.messages.filter(({ role }: any) => role !== 'system');

const wants = (...tools: (string | [string, Json])[]): Said => ({
  calls: tools.map((tool) =>
    typeof tool === 'string' ? { tool, arguments: {} } : { tool: tool[0], arguments: tool[1] },
  ),
});

const AGAIN = { initial_seconds: 0.01, jitter: false };
const WORD = {
  type: 'object',
  properties: { word: { type: 'string', maxLength: 5 } },
  required: ['word'],
};

describe('an answer', () => {
  test.each(['default', 'claude'])('is text: %s', async (name) => {
    model.says({ text: 'good morning', usage: [100, 20] });
    const ended = await run({ prompt: 'say {{ 1 + 1 }}', system: 'be polite', model: name });
    expect(ended).toMatchObject({ status: 'success', result: { text: 'good morning' } });
    const rows = await rowsOf(ended);
    expect(shown(rows)).toEqual(['ask.turn[0] success', 'ask[] success']);
    expect(rows[0]).toMatchObject({
      path: 'ask/turn',
      kind: 'turn',
      inputs: { prompt: 'say 2', system: 'be polite' },
      result: { model: name, usage: { input_tokens: 100, output_tokens: 20, cost_usd: 0.0003 } },
    });
    expect(await spentOf(ended)).toEqual({
      ...{ steps: 2, iterations: 0, spawns: 0 },
      ...{ tokens: 120, cost_usd: 0.0003 },
    });
    const [{ path, headers, body }] = model.asked as [any];
    expect(path).toBe(name === 'claude' ? '/v1/messages' : '/v1/chat/completions');
    expect(headers[name === 'claude' ? 'x-api-key' : 'authorization']).toContain(KEY);
    expect(JSON.stringify(body)).toContain('be polite');
  });

  test('is named in the engine’s history as people know it', async () => {
    model.says(wants('look_up'), { text: 'done' });
    const ended = await run({ prompt: 'p', tools: ['look_up'] });
    const handle = await workflowOf(engine, ended.id);
    const { events } = await handle.fetchHistory();
    const names = events!.flatMap((event) => {
      const type = event.activityTaskScheduledEventAttributes?.activityType?.name;
      return type ? [type] : [];
    });
    expect(names).toEqual(['ask.turn', 'ask.tool.look_up', 'ask.turn']);
  });

  test('is data: nothing in it is evaluated or filled in', async () => {
    model.says(wants(['look_up', { word: '{{ run.id }} secret://key' }]), { text: '{{ 1 + 1 }}' });
    const ended = await run({ prompt: 'p', tools: ['look_up'] });
    expect(ended.result).toEqual({ text: '{{ 1 + 1 }}' });
    expect((await rowsOf(ended))[1]!.result).toEqual({
      got: { word: '{{ run.id }} secret://key' },
    });
  });

  test('has no key in it', async () => {
    model.says({ text: `the key is ${KEY}` });
    const { result } = await run({ prompt: 'p' });
    expect(JSON.stringify(result)).toMatch(/the key is «secret:.*»/);
  });

  test('may be long', async () => {
    const text = 'x'.repeat(300_000);
    model.says({ text, ...wants(['look_up', { text }]) }, { text });
    const ask = directive({ prompt: '{{ inputs.text }}', tools: ['look_up'] });
    const ended = await engine.ended(await accept({ ...ask, inputs: { text: {} } }, { text }));
    expect(ended.result).toEqual({ text: { $blob: expect.anything(), bytes: 300_002 } });
    expect(told(1).map(({ content }) => content.length)).toEqual([300_000, 300_000, 100_031]);
  });
});

describe('an object', () => {
  const ask = { prompt: 'p', output_schema: WORD, max_turns: 3 };

  test('is the result', async () => {
    model.says({ text: '```json\n{"word": "a"}\n```' });
    expect(await run(ask)).toMatchObject({ status: 'success', result: { word: 'a' } });
    expect(model.asked[0]!.body.messages[0].content).toContain(JSON.stringify(WORD));
  });

  test('is asked for again when it is none', async () => {
    model.says({ text: 'well' }, { text: '{"word": "abcdef"}' }, { text: '{"word": "abc"}' });
    expect(await run(ask)).toMatchObject({ status: 'success', result: { word: 'abc' } });
    const messages = told(2).map(({ content }) => content);
    expect(messages[2]).toContain('it is not a JSON object');
    expect(messages[4]).toContain('answer/word must NOT have more than 5 characters');
  });

  test('that never comes fails the step', async () => {
    model.says({ text: '1' }, { text: '2' }, { text: '{"word": 1}' });
    const { error } = await run(ask);
    expect(error).toMatchObject({ code: 'output_invalid', step: 'ask' });
    expect(error!.message).toContain(
      'after 3 turns the answer is still invalid: answer/word must be string',
    );
  });

  test('whose schema is none is refused before the run', async () => {
    const schema = { ...WORD, properties: { word: { pattern: '(' } } };
    const text = JSON.stringify(directive({ ...ask, output_schema: schema }));
    const { diagnostics } = await shelf().validate(text);
    const refused = { code: 'invalid_schema', severity: 'error' };
    expect(diagnostics).toContainEqual(expect.objectContaining(refused));
  });

  test('whose schema is none, in a plan from before that was checked, fails the step', async () => {
    model.says({ text: '{}' });
    const { plan } = await shelf().validate(
      JSON.stringify(directive({ ...ask, output_schema: WORD })),
    );
    const schema = { ...WORD, properties: { word: { pattern: '(' } } };
    const steps = plan!.steps.map((step) => ({ ...step, output_schema: schema })) as PlanStep[];
    const { error } = await engine.run({ ...plan!, steps });
    expect(error).toMatchObject({ code: 'input_invalid' });
    expect(error!.message).toContain('output_schema is not a valid JSON Schema');
    expect(model.asked).toEqual([]);
  });
});

describe('a turn', () => {
  const call = { id: 'x', type: 'function', function: { name: 'look_up', arguments: '{}' } };
  const message = { content: 'wait', reasoning_content: 'look it up', tool_calls: [call, call] };
  const thinks: Said = { body: { choices: [{ message, finish_reason: 'tool_calls' }] } };

  test('goes back as the provider gave it, and is not in the engine’s history', async () => {
    model.says(thinks, { text: 'done' });
    const ended = await run({ prompt: 'p', tools: ['look_up'] });
    expect(ended.result).toEqual({ text: 'done' });
    const [, own] = told(1);
    expect(own).toMatchObject({ content: 'wait', reasoning_content: 'look it up' });
    const ids = own.tool_calls.map(({ id }: any) => id);
    expect(new Set(ids).size).toBe(2);
    const answers = told(1).slice(2);
    expect(answers.map(({ tool_call_id }) => tool_call_id)).toEqual(ids);
    expect(calls).toHaveLength(2);
    const [row] = await rowsOf(ended);
    expect(row!.result.given).toMatchObject({ provider: 'openai-compatible' });
    const handle = await workflowOf(engine, ended.id);
    const history = JSON.stringify(
      (await handle.fetchHistory()).events!.map((event) =>
        String(event.activityTaskCompletedEventAttributes?.result?.payloads?.[0]?.data),
      ),
    );
    expect(history).toContain('wait');
    expect(history).not.toContain('look it up');
  });

  test('of thoughts that are large goes back whole', async () => {
    const reasoning_content = 'hm '.repeat(100_000);
    model.says(
      { body: { choices: [{ message: { ...message, reasoning_content } }] } },
      { text: 'done' },
    );
    await run({ prompt: 'p', tools: ['look_up'] });
    expect(told(1)[1].reasoning_content).toBe(reasoning_content);
  });

  test('of an older version goes on without what was not kept', async () => {
    model.says((_, index) =>
      index === 0 ? thinks : index === 1 ? wants('hang') : { text: 'done' },
    );
    const id = await accept(directive({ prompt: 'p', tools: ['look_up', 'hang'] }));
    await until('it hangs', () => calls.length === 3);
    const old =
      "UPDATE execution_steps SET result = (result::jsonb - 'given')::json WHERE run_id = $1 AND kind = 'turn'";
    await engine.dataSource.query(old, [id]);
    model.says({ text: 'done' });
    release();
    const ended = await engine.ended(id);
    expect(ended.result).toEqual({ text: 'done' });
    expect(told(0)[1]).toMatchObject({
      content: 'wait',
      tool_calls: [{ function: { name: 'look_up' } }, {}],
    });
    expect(told(0)[1]).not.toHaveProperty('reasoning_content');
  });

  test('in which nothing is said is asked for again, and counts', async () => {
    model.says({ text: '' }, { text: ' ' }, { text: 'at last' });
    const ended = await run({ prompt: 'p', max_turns: 1 }, { limits: { tokens: 100 } });
    expect(ended.result).toEqual({ text: 'at last' });
    expect(model.asked.map(({ body }) => body.max_tokens)).toEqual([100, 95, 90]);
    expect(shown(await rowsOf(ended))).toEqual(['ask.turn[0] success', 'ask[] success']);
    expect(await spentOf(ended)).toMatchObject({ tokens: 45 });
    expect(told(2).map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
    const logs = await engine.dataSource.query(
      'SELECT message FROM log_entries WHERE run_id = $1',
      [ended.id],
    );
    expect(JSON.stringify(logs)).toContain(
      'the request to the model default is repeated: it contains neither text nor tool calls',
    );
  });

  test('in which nothing is ever said fails the step', async () => {
    model.says(() => ({ text: '' }));
    const { error } = await run({ prompt: 'p' });
    expect(error).toMatchObject({
      code: 'model_error',
      step: 'ask',
      data: { usage: { input_tokens: 30, output_tokens: 15 } },
    });
    expect(error!.message).toContain(
      'gave no answer to 3 requests: it contains neither text nor tool calls. Check the prompt',
    );
    expect(model.asked).toHaveLength(3);
  });

  test('whose tokens nobody counts is estimated, and says so', async () => {
    model.says({ text: 'x'.repeat(400), usage: null });
    const ended = await run({ prompt: 'p' }, { limits: { tokens: 60 } });
    expect(ended.error).toMatchObject({ code: 'tokens_exceeded' });
    const [row] = await rowsOf(ended);
    expect(row!.result.usage).toMatchObject({ estimated: true });
    expect((await spentOf(ended)).tokens).toBeGreaterThan(100);
  });
});

describe('tools', () => {
  test('are told with what is known of them', async () => {
    model.says({ text: 'none' });
    await run({ prompt: 'p', tools: ['look_up', 'files/*', 'files/gone'] });
    expect(model.asked[0]!.body.tools.map((tool: any) => tool.function)).toMatchObject([
      { name: 'look_up', description: 'Does look_up.\nTakes a word.' },
      { name: 'files__read_file' },
      { name: 'files__list' },
      { name: 'files__gone' },
    ]);
  });

  test.each(['default', 'claude'])('of scripts and servers are called: %s', async (name) => {
    const both = wants(['look_up', { word: 'a' }], ['files__read_file', { path: 'b' }]);
    model.says({ text: 'let me see', ...both }, wants(['look_up', { word: 'c' }]), {
      text: 'done',
    });
    const ended = await run({ prompt: 'p', tools: ['look_up', 'files/*'], model: name });
    expect(ended.result).toEqual({ text: 'done' });
    expect(shown(await rowsOf(ended))).toEqual([
      'ask.turn[0] success',
      'ask.tool.look_up[0.0] success',
      'ask.tool.files_all[0.1] success',
      'ask.turn[1] success',
      'ask.tool.look_up[1.0] success',
      'ask.turn[2] success',
      'ask[] success',
    ]);
    const conversation = JSON.stringify(told(2));
    for (const part of ['let me see', '{"word":"a"}', 'files read.file', '{"word":"c"}'])
      expect(conversation).toContain(JSON.stringify(part).slice(1, -1));
  });

  test('of scripts that declare their inputs are held to them', async () => {
    model.says(wants(['count', { text: 'a' }], ['count', { texts: 'a' }], ['count', { text: 7 }]), {
      text: 'done',
    });
    const ended = await run({ prompt: 'p', tools: ['count'] });
    const [tool] = model.asked[0]!.body.tools;
    expect(tool.function).toEqual({
      name: 'count',
      description: 'Counts.',
      parameters: {
        type: 'object',
        properties: {
          text: { type: 'string', description: 'What to count.' },
          most: { type: 'integer', default: 5 },
        },
        required: ['text'],
        additionalProperties: false,
      },
    });
    const answers = told(1).slice(2);
    expect(answers.map(({ content }) => content)).toEqual([
      '{"got":{"text":"a","most":5}}',
      'error: there is no input "texts" (did you mean "text"?); the input "text" is missing (What to count.)',
      'error: the input "text" must be a string, but is 7 (put it in quotes)',
    ]);
    expect(shown(await rowsOf(ended)).filter((row) => row.includes('count'))).toEqual([
      'ask.tool.count[0.0] success',
    ]);
  });

  test('whose manifest is faulty fail the step before the model is asked', async () => {
    model.says({ text: 'done' });
    const { error } = await run({ prompt: 'p', tools: ['faulty'] });
    expect(error).toMatchObject({ code: 'config_invalid', step: 'ask' });
    expect(error!.message).toContain('faulty.yaml is invalid: inputs.a.type');
    expect(model.asked).toEqual([]);
  });

  test('that fail are told so, and fail nothing', async () => {
    model.says(wants('refuse', 'lookup', ['look_up', 'no json'], ['look_up', [1]]), {
      text: 'I see',
    });
    const ended = await run({ prompt: 'p', tools: ['refuse', 'look_up'] });
    expect(ended.result).toEqual({ text: 'I see' });
    expect(shown(await rowsOf(ended))).toEqual([
      'ask.turn[0] success',
      'ask.tool.refuse[0.0] error',
      'ask.turn[1] success',
      'ask[] success',
    ]);
    expect(
      told(1)
        .slice(2)
        .map(({ content }) => content),
    ).toEqual([
      'error: {"code":"no_such_word","message":"not that one","data":{"word":1}}',
      'error: there is no tool "lookup"; there are: refuse, look_up',
      'error: the arguments are not a JSON object: no json',
      'error: the arguments are not a JSON object: [1]',
    ]);
  });

  test('that fail are told as failures where the provider has a word for it', async () => {
    model.says(wants('refuse'), { text: 'I see' });
    await run({ prompt: 'p', tools: ['refuse'], model: 'claude' });
    expect(told(1)[2].content[0]).toMatchObject({ type: 'tool_result', is_error: true });
  });

  test('are called 16 times in one turn, not more', async () => {
    model.says(wants(...Array<string>(18).fill('look_up')), { text: 'done' });
    await run({ prompt: 'p', tools: ['look_up'] });
    expect(calls).toHaveLength(16);
    expect(
      told(1)
        .slice(18)
        .map(({ content }) => content),
    ).toEqual(Array(2).fill('error: only 16 tools are called in one turn: call it again'));
  });

  test('that are called without end fail the step', async () => {
    model.says(() => wants('look_up'));
    const ended = await run({ prompt: 'p', tools: ['look_up'], max_turns: 2 });
    expect(ended.error).toMatchObject({ code: 'model_error', step: 'ask' });
    expect(ended.error!.message).toContain('still calls tools after 2 turns. Raise max_turns');
  });

  test('a hook has a word on each call', async () => {
    model.says(wants('look_up'), { text: 'a pity' });
    const when = "{{ step.name == 'ask.tool.look_up' }}";
    const hooks = { before_step: [{ when, action: 'skip' }] };
    const ended = await run({ prompt: 'p', tools: ['look_up'] }, { hooks });
    expect(ended.result).toEqual({ text: 'a pity' });
    expect(told(1)[2].content).toContain('it was not called');
    expect(calls).toEqual([]);
  });
});

describe('a model that fails', () => {
  test.each([
    [401, 'Correct api_key'],
    [404, 'correct model or base_url'],
    [400, 'Check the request'],
  ])('with %d is not asked again', async (status, hint) => {
    model.says(() => ({ status }));
    const ended = await run({ prompt: 'p' }, { step: { retry: { attempts: 3, ...AGAIN } } });
    expect(ended.error).toMatchObject({ code: 'model_error', step: 'ask', data: { status } });
    expect(ended.error!.message).toContain(
      `The model default (openai-compatible, small-1) answered ${status}`,
    );
    expect(ended.error!.message).toContain(hint);
    expect(JSON.stringify(await rowsOf(ended))).not.toContain(KEY);
    expect(model.asked).toHaveLength(1);
  });

  test('with status 200 is asked again', async () => {
    model.says(
      { body: { error: { message: 'upstream is away', code: 502 } } },
      { body: { choices: [] } },
      { text: 'at last' },
    );
    const ended = await run({ prompt: 'p' }, { step: { retry: { attempts: 3, ...AGAIN } } });
    expect(ended.result).toEqual({ text: 'at last' });
    expect((await rowsOf(ended))[0]).toMatchObject({ name: 'ask.turn', attempt: 3 });
  });

  test('for it is too much is asked when it says so', async () => {
    model.says({ status: 429, headers: { 'retry-after': '2' } }, { text: 'now' });
    const started = Date.now();
    const ended = await run({ prompt: 'p' }, { step: { retry: { attempts: 2, ...AGAIN } } });
    expect(ended.result).toEqual({ text: 'now' });
    expect(Date.now() - started).toBeGreaterThan(2_000);
    expect((await rowsOf(ended))[0]).toMatchObject({ attempt: 2, inputs: { prompt: 'p' } });
  });

  test('for a moment is asked three times', async () => {
    model.says(() => ({ status: 503 }));
    const ended = await run(
      { prompt: 'p' },
      { step: { on_error: { set: { code: '{{ error.code }}' } } } },
    );
    expect(ended.result).toEqual({ code: 'unavailable' });
    expect(model.asked).toHaveLength(3);
  });

  test('to answer in time', async () => {
    model.says({ hangs: true }, { text: 'now' });
    const ended = await run(
      { prompt: 'p' },
      { step: { timeout_seconds: 1, retry: { attempts: 2, ...AGAIN } } },
    );
    expect(ended.result).toEqual({ text: 'now' });
    await until('the request is given up', () => model.asked[0]!.aborted);
    model.says({ hangs: true });
    const late = await run(
      { prompt: 'p' },
      { step: { timeout_seconds: 1, retry: { attempts: 1 } } },
    );
    expect(late.error).toMatchObject({ code: 'timeout', step: 'ask' });
  });

  test('to be there', async () => {
    const step = { retry: { attempts: 1 } };
    const { error } = await run({ prompt: 'p', model: 'nowhere' }, { step });
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(error!.message).toContain('cannot be reached');
  });

  test('to come to an end', async () => {
    model.says({ text: 'once upon', cut: true });
    const { error } = await run({ prompt: 'p' });
    expect(error).toMatchObject({ code: 'model_error', step: 'ask' });
    expect(error!.message).toContain('longer than max_output_tokens in mission.yaml allows');
    expect(model.asked[0]!.body.max_tokens).toBe(200);
  });
});

describe('limits', () => {
  const spends = (input: number, output: number): Said => ({
    ...wants('look_up'),
    usage: [input, output],
  });
  const ask = { prompt: 'p', tools: ['look_up'] };

  test('of tokens end the run', async () => {
    model.says(() => spends(40, 10));
    const always = [{ name: 'tidy', set: { tidy: true } }];
    const step = { on_error: 'continue' };
    const ended = await run(ask, { limits: { tokens: 120 }, always, step });
    expect(ended.error).toMatchObject({ code: 'tokens_exceeded' });
    expect(model.asked.map(({ body }) => body.max_tokens)).toEqual([120, 70, 20]);
    expect((await rowsOf(ended)).at(-1)).toMatchObject({ name: 'tidy', status: 'success' });
    expect(await spentOf(ended)).toMatchObject({ tokens: 150 });
  });

  test('that are used up exactly let nobody be asked', async () => {
    model.says(() => spends(40, 10));
    const ended = await run(ask, { limits: { tokens: 100 } });
    expect(ended.error).toMatchObject({ code: 'tokens_exceeded' });
    expect(model.asked).toHaveLength(2);
    model.says({ text: 'done', usage: [90, 10] });
    expect(await run(ask, { limits: { tokens: 100 } })).toMatchObject({ status: 'success' });
  });

  test('of money end the run', async () => {
    model.says(() => spends(1000, 100));
    const ended = await run(ask, { limits: { cost_usd: 0.003 } });
    expect(ended.error).toMatchObject({ code: 'cost_usd_exceeded' });
    expect(model.asked.map(({ body }) => body.max_tokens)).toEqual([200, 100]);
    expect(await spentOf(ended)).toMatchObject({ tokens: 2200, cost_usd: 0.004 });
  });

  test('say how long an answer may be', async () => {
    model.says({ text: 'once upon', cut: true, usage: [5, 50] });
    const ended = await run({ prompt: 'p' }, { limits: { tokens: 50 } });
    expect(ended.error).toMatchObject({ code: 'tokens_exceeded' });
  });

  test('are shared with children, which give back what they do not use', async () => {
    const child = directive({ prompt: '{{ inputs.say }}' });
    // The library finds a directive's name at the beginning of a line.
    const lines = Object.entries({ ...child, name: 'child', inputs: { say: {} } }).map(
      ([key, value]) => `${key}: ${JSON.stringify(value)}`,
    );
    writeFileSync(join(project, '.ai/directives/child.yaml'), lines.join('\n'));
    const parent = {
      ...directive({ prompt: 'own' }),
      permissions: ['execute:models', 'execute:directives'],
      limits: { tokens: 100, cost_usd: 1 },
    };
    parent.steps.push({
      foreach: '{{ [1, 2] }}',
      steps: { directive: 'child', inputs: { say: '{{ item }}' } },
    });
    model.says(() => ({ text: 'x', usage: [20, 10] }));
    const ended = await engine.ended(await accept(parent));
    expect(ended).toMatchObject({ status: 'success' });
    expect(model.asked.map(({ body }) => body.max_tokens)).toEqual([100, 70, 40]);
    expect(await spentOf(ended)).toMatchObject({ tokens: 90, spawns: 2, cost_usd: 0.00036 });

    model.says(() => ({ text: 'x', usage: [30, 10] }));
    const more = await engine.ended(await accept(parent));
    expect(more.error).toMatchObject({ code: 'tokens_exceeded' });
    expect(await spentOf(more)).toMatchObject({ tokens: 120 });
  });
});

test('lanes ask at the same time', async () => {
  model.says(({ body }) => ({ text: body.messages[0].content }));
  const text = directive({ prompt: 'x' });
  text.steps = [
    {
      foreach: '{{ range(0, 6) }}',
      concurrency: 3,
      steps: { name: 'ask', llm: { prompt: 'say {{ item }}' } },
    },
  ];
  const { result } = await engine.ended(await accept({ ...text, limits: { tokens: 900 } }));
  expect((result as any).items).toEqual([0, 1, 2, 3, 4, 5].map((n) => ({ text: `say ${n}` })));
});

describe('a conversation that is cut off', () => {
  test('by a cancellation gives up its request', async () => {
    model.says({ hangs: true });
    const id = await accept(directive({ prompt: 'p' }));
    await until('the model is asked', () => model.asked.length > 0);
    await engine.cancel(id);
    expect(await engine.ended(id)).toMatchObject({ status: 'cancelled' });
    await until('the request is given up', () => model.asked[0]!.aborted);
  });

  test('goes on where it was when the engine takes the run back', async () => {
    model.says(wants('look_up'), wants('hang'), { text: 'done' });
    const tools = ['look_up', 'hang'];
    const id = await accept(directive({ prompt: 'p', tools }));
    await until('the second tool is called', () => calls.length === 2);
    const handle = await workflowOf(engine, id);
    const { events } = await handle.fetchHistory();
    const first = events!.find(({ workflowTaskCompletedEventAttributes: done }) => done)!;
    await engine.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId },
      reason: 'test',
      workflowTaskFinishEventId: first.eventId!,
      requestId: id,
    });
    await until('it is called again', () => calls.length === 3);
    expect(model.asked).toHaveLength(2);
    expect(calls).toEqual(['ask/tool/look_up#0.0', 'ask/tool/hang#1.0', 'ask/tool/hang#1.0']);
    await engine.cancel(id);
    await engine.ended(id);
  });
});

describe('a run that repeats another', () => {
  const text = {
    ...directive({ prompt: 'p', tools: ['look_up', 'refuse'] }),
    steps: [
      { name: 'ask', llm: { prompt: 'p', tools: ['look_up', 'refuse'] } },
      { name: 'after', script: 'look_up', inputs: { text: '{{ steps.ask.text }}' } },
    ] as Json[],
  };

  async function recorded(): Promise<Execution> {
    model.says(wants('look_up', 'refuse'), { text: 'done' });
    const ended = await engine.ended(await accept(text));
    expect(ended).toMatchObject({ status: 'success' });
    model.says();
    calls = [];
    return ended;
  }

  test('as a shadow takes its turns from the record', async () => {
    const { dataSource } = engine;
    const { id } = await recorded();
    const executor = new Executor(dataSource, shelf());
    const shadower = new ShadowService(dataSource, executor, new Plans(dataSource));
    const shadow = await shadower.shadow(id, { version: 'old', actor: 'tester' });
    expect(await engine.ended(shadow.id)).toMatchObject({
      status: 'success',
      result: { got: { text: 'done' } },
    });
    const [report] = await dataSource.query('SELECT * FROM shadow_reports WHERE run_id = $1', [
      shadow.id,
    ]);
    expect(report).toMatchObject({ differences: [] });
    expect([model.asked, calls]).toEqual([[], []]);
  });

  test('from behind the question does not ask again; from the question it does', async () => {
    const { dataSource } = engine;
    const { id } = await recorded();
    const executor = new Executor(dataSource, shelf());
    const rerunner = new RerunService(
      dataSource,
      executor,
      shelf(),
      new Plans(dataSource),
      new Blobs(dataSource),
    );
    const rerun = (fromStep: string) =>
      rerunner.rerun(id, { fromStep, iteration: null, actor: 'tester', version: 'old' } as never);
    const after = await rerun('after');
    expect(await engine.ended(after.id)).toMatchObject({
      status: 'success',
      result: { got: { text: 'done' } },
    });
    expect([model.asked, calls]).toEqual([[], ['after#']]);
    model.says({ text: 'another' });
    const again = await rerun('ask');
    expect(await engine.ended(again.id)).toMatchObject({ result: { got: { text: 'another' } } });
    await expect(rerun('ask.turn')).rejects.toThrow('a re-run cannot start with it');
  });
});

describe('before a run', () => {
  const refusal = (text: JsonObject, models: Record<string, unknown>) => {
    const own = new Library({
      project,
      userHome: project,
      mcpServers: [],
      models,
      ceilings: DEFAULT_CEILINGS,
    });
    const { dataSource } = engine;
    const executor = new Executor(
      dataSource,
      new DirectiveRegistry(own, new PlanReader(dataSource)),
    );
    const source = JSON.stringify(text);
    return executor.start({ directive: '', source, actor: 'tester', triggeredBy: 'manual' });
  };

  test('a model that is not there is told', async () => {
    const text = directive({ prompt: 'p' });
    await expect(refusal(text, {})).rejects.toThrow('no model is configured');
    await expect(refusal(text, { a: {}, b: {} })).rejects.toThrow(
      'does not say which model to use',
    );
    await expect(refusal(directive({ prompt: 'p', model: 'c' }), { a: {} })).rejects.toThrow(
      'there is no model "c"',
    );
  });
});

test('a model that is computed needs its right, too', async () => {
  const permissions = ['execute:models:cl*'];
  const { error } = await run({ prompt: 'p', model: "{{ 'def' + 'ault' }}" }, { permissions });
  expect(error).toMatchObject({ code: 'permission_denied', step: 'ask' });
  expect(error!.message).toContain('execute:models:default');
  const unknown = await run({ prompt: 'p', model: "{{ 'defau' + 'l' }}" });
  expect(unknown.error).toMatchObject({ code: 'model_error' });
  expect(unknown.error!.message).toContain('There is no model "defaul": did you mean "default"?');
});
