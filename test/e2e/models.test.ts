import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/contracts/json/json.js';
import { Instance, until } from '../support/instance.js';
import { ModelServer, type Said } from '../support/model-server.js';
import { Ledger, MARK } from './ledger.js';

const KEY = 'the-key-of-the-model-77';

const DIRECTIVE = `
name: investigate
version: 1.0.0
description: Lets a model leave marks
inputs: { hold: { type: object, default: {} } }
permissions: ['execute:models:small', 'write:filesystem:ledger/**']
steps:
  - name: ask
    llm: { prompt: 'Leave marks. {{ inputs.hold }}', tools: [mark_a, mark_b], max_turns: 4 }
  - return: '{{ text }}'
`;

const TALKS = `
name: talk
version: 1.0.0
description: Lets a model write into the log
permissions: ['execute:models', 'write:logs']
steps:
  - { name: ask, llm: { prompt: 'Tell of it.', tools: [log_recovery] } }
`;

const CONFIG = (url: string) => `
models:
  small:
    provider: openai-compatible
    model: small-1
    base_url: ${url}
    api_key: \${MODEL_KEY}
    input_usd_per_million: 2
    output_usd_per_million: 4
`;

let model: ModelServer;
let instance: Instance;
let ledger: Ledger;

beforeAll(async () => {
  model = await ModelServer.start();
  instance = await Instance.create({
    'mission.yaml': CONFIG(model.url),
    '.ai/directives/investigate.yaml': DIRECTIVE,
    '.ai/directives/talk.yaml': TALKS,
    '.ai/scripts/mark_a.js': MARK,
    '.ai/scripts/mark_b.js': MARK,
  });
  instance.set('MODEL_KEY', KEY);
  await instance.up();
  ledger = new Ledger(instance);
}, 120_000);
afterAll(async () => {
  await instance.remove();
  await model.stop();
});

const marks = (hold: JsonObject, ...names: string[]): Said => ({
  calls: names.map((tool) => ({ tool, arguments: { hold } })),
});

const key = (id: string, tool: string, iteration: string) => `${id}:ask/tool/${tool}:${iteration}`;

it('a conversation is seen by everybody, and its key by nobody', async () => {
  model.says(marks({}, 'mark_a'), { text: `done with ${KEY}`, usage: [100, 50] });
  const { out } = await instance.mission('run', 'investigate', '--json');
  const run = JSON.parse(out.trim().split('\n').at(-1)!);
  expect(run).toMatchObject({ status: 'success', result: 'done with «secret:models.small»' });
  expect(model.asked[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
  const { execution } = await instance.graphql(
    `query ($id: ID!) { execution(id: $id) { spent steps { path name kind iteration status result } } }`,
    { id: run.execution_id },
  );
  expect(execution.spent).toMatchObject({ steps: 5, tokens: 165, cost_usd: 0.00044 });
  expect(execution.steps.map(({ path, iteration }: any) => `${path}#${iteration ?? ''}`)).toEqual(
    expect.arrayContaining(['ask/turn#0', 'ask/tool/mark_a#0.0', 'ask/turn#1', 'ask#']),
  );
  const shown = await instance.mission('executions', 'show', run.execution_id);
  expect(shown.out).toMatch(/ask\/turn \[1\] +turn +success/);
  expect(shown.out).toMatch(/ask\/tool\/mark_a \[0\.0\] +script +success/);
  const planned = await instance.mission('plan', 'investigate');
  expect(planned.out).toMatch(/ask +llm +inline +the default model, at most 4 turns/);
  expect(planned.out).toMatch(/needed +execute:models/);
  const doctor = await instance.mission('doctor');
  expect(doctor.out).toContain('small (openai-compatible, small-1, 127.0.0.1:');
  const said = [out, shown.out, planned.out, doctor.out, instance.output].join('');
  expect(said).not.toContain(KEY);
  const rows = await instance.query('SELECT * FROM execution_steps');
  expect(JSON.stringify(rows)).not.toContain(KEY);
}, 60_000);

it('a system script is told with what it takes, and what it does not take is refused', async () => {
  const call = (given: JsonObject): Said => ({
    calls: [{ tool: 'log_recovery', arguments: given }],
  });
  const told = { mcp_id: 'tickets', message: 'it is back' };
  model.says(call({ mcp_id: 7 }), call(told), { text: 'done' });
  const { status, result, id } = await instance.ended(await instance.start('talk'));
  expect({ status, result }).toEqual({ status: 'success', result: { text: 'done' } });
  const [tool] = model.asked[0]!.body.tools;
  expect(tool.function).toMatchObject({
    description: expect.stringContaining('.'),
    parameters: { required: ['mcp_id'], additionalProperties: false },
  });
  expect(model.asked[1]!.body.messages.at(-1).content).toContain('"code":"input_invalid"');
  expect(model.asked[2]!.body.messages.at(-1).content).toContain('"logged":true');
  const logs = await instance.query('SELECT message FROM log_entries WHERE run_id = $1', [id]);
  expect(JSON.stringify(logs)).toContain('it is back');
}, 60_000);

/** What stands still, where, when the worker dies. */
const DEATHS = ['in mid turn', 'before the effect of a call', 'after the effect of a call'];

it('a worker that dies in mid turn or between two calls repeats what was in flight, and nothing else', async () => {
  const gate = `gates/${crypto.randomUUID()}`;
  const holds = DEATHS.map((death): JsonObject => {
    const when = death.split(' ')[0]!;
    return when === 'in' ? { death } : { death, step: 'mark_b', when, gate };
  });
  const about = (death: string) =>
    model.asked.filter(({ body }) => JSON.stringify(body.messages[0]).includes(death));
  model.says(({ body }) => {
    const hold = holds.find(({ death }) =>
      JSON.stringify(body.messages[0]).includes(death as string),
    )!;
    if (body.messages.length === 1) return marks(hold, 'mark_a', ...(hold.step ? ['mark_b'] : []));
    const isFirst = about(hold.death as string).length === 2;
    return hold.step || !isFirst ? { text: 'done' } : { hangs: true };
  });
  const ids = await Promise.all(holds.map((hold) => instance.start('investigate', { hold })));
  const [turn, before, after] = ids as [string, string, string];
  const [mid] = DEATHS as [string];
  await until('all stand still', () => {
    const held = [before, after].map((id) => ledger.held(id).length);
    return about(mid).length === 2 && held.every((count) => count === 1);
  });
  await instance.kill('worker');
  instance.write(gate, '');
  const ended = await Promise.all(ids.map((id) => instance.ended(id)));
  for (const run of ended) expect(run).toMatchObject({ status: 'success', result: 'done' });

  expect(ledger.calls(turn)).toEqual([key(turn, 'mark_a', '0.0')]);
  const [, first, again] = about(mid);
  expect(again!.body.messages).toEqual(first!.body.messages);
  for (const id of [before, after]) {
    const [a, b] = [key(id, 'mark_a', '0.0'), key(id, 'mark_b', '0.1')];
    expect(ledger.calls(id)).toEqual([a, b, b]);
    expect(ledger.effects(id).sort()).toEqual([a, b]);
  }
  expect(DEATHS.map((death) => about(death).length)).toEqual([3, 2, 2]);
}, 60_000);
