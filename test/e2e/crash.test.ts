import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Instance, until } from '../support/instance.js';
import { Journeys, PROJECT } from './journey.js';
import type { Hold } from './ledger.js';
import { Standing, STANDING_PROJECT } from './standing.js';

/** One before and one after an effect, in segments, own steps and loops. */
const HOLDS: [step: string, when: Hold['when']][] = [
  ['first', 'before'],
  ['second', 'after'],
  ['alone', 'after'],
  ['one_of_many', 'after'],
  ['aside', 'before'],
];
/** Rounds of a loop: enough for some seconds after a crash. */
const STREAM = 80;
/** Runs whose first step has finished and whose second has not. */
const HELD = `SELECT run_id FROM execution_steps JOIN directive_executions ON id = run_id
  WHERE directive_name = 'journey' GROUP BY 1 HAVING count(*) = 1`;

let instance: Instance;
let journeys: Journeys;
let standing: Standing;
let gate: string;

beforeAll(async () => {
  instance = await (await Instance.create({ ...PROJECT, ...STANDING_PROJECT })).up();
}, 120_000);
afterAll(() => instance.remove());
beforeEach(() => {
  journeys = new Journeys(instance);
  gate = `gates/${crypto.randomUUID()}`;
});

const open = () => instance.write(gate, '');

/** What everybody waits for happens while the system recovers, and everybody comes to the right end. */
async function expectWhole(): Promise<void> {
  open();
  await standing.tell();
  await journeys.expectWhole();
  await standing.expectWhole();
}

/** Journeys that stand still at every point that matters, all else that can stand still, and one in full swing. */
async function underWay(): Promise<void> {
  const [stands] = await Promise.all([
    Standing.begin(instance, gate),
    ...HOLDS.map(([step, when]) => journeys.begin({ step, when, gate })),
  ]);
  standing = stands;
  const streaming = await journeys.begin(undefined, { items: STREAM });
  await until('the stream flows', () => journeys.ledger.calls(streaming).length > 10);
  await journeys.beforeCrash();
}

describe('every accepted run ends once, with each effect once, when what is killed is', () => {
  it('the worker', async () => {
    await underWay();
    await instance.kill('worker');
    await expectWhole();
  }, 90_000);

  it('the API, while clients wait', async () => {
    standing = await Standing.begin(instance, gate);
    const wish = {
      directive_name: 'journey',
      inputs: { hold: { step: 'second', when: 'before', gate } },
    };
    const waiting = instance.post('/internal/execute', { ...wish, idempotency_key: gate });
    const lost = expect(waiting).rejects.toThrow();
    const argv = ['run', 'journey', '--inputs', JSON.stringify(wish.inputs), '--json'];
    const following = instance.mission(...argv);
    await until('both clients wait', async () => {
      const rows = await instance.query(HELD);
      for (const { run_id } of rows) journeys.add(run_id);
      return rows.length === 2;
    });
    await instance.kill('api');
    await lost;
    open();
    const again = await until('the API answers again', () =>
      instance.post('/internal/execute', { ...wish, idempotency_key: gate }),
    );
    expect(again).toMatchObject({ status: 200, body: { status: 'success' } });
    expect(await following).toMatchObject({ exit: 0, out: expect.stringContaining('"success"') });
    await expectWhole();
  }, 90_000);

  it('the Temporal server', async () => {
    await underWay();
    await instance.kill('temporal');
    await expectWhole();
  }, 90_000);

  it('Postgres', async () => {
    await underWay();
    await instance.kill('postgres');
    await expectWhole();
  }, 90_000);

  it('everything, the supervisor too', async () => {
    await underWay();
    await instance.killAll();
    await instance.up();
    await expectWhole();
  }, 120_000);
});

describe('a worker', () => {
  it('that was frozen and wakes up does nothing twice', async () => {
    await underWay();
    const frozen = instance.pid('worker');
    process.kill(frozen, 'SIGSTOP');
    const other = instance.startWorker();
    try {
      // What the frozen one had asked for still comes to it: these steps now, and not the held ones a second time.
      await journeys.begin(undefined, { abreast: 40 });
      await expectWhole();
      process.kill(frozen, 'SIGCONT');
      await until('it lives again', () => instance.workerSeen(frozen));
      await journeys.expectWhole();
      await standing.expectWhole();
    } finally {
      other.kill('SIGKILL');
      process.kill(frozen, 'SIGCONT');
    }
  }, 90_000);

  it('that is dead when its run is cancelled comes back to an end, not to work', async () => {
    const id = await journeys.begin({ step: 'second', when: 'after', gate });
    await instance.kill('worker');
    await instance.graphql(`mutation ($id: ID!) { cancelExecution(id: $id) { id } }`, { id });
    const unbegun = await instance.start('journey');
    await instance.graphql(`mutation ($id: ID!) { cancelExecution(id: $id) { id } }`, {
      id: unbegun,
    });
    for (const run of [id, unbegun]) {
      expect(await instance.ended(run)).toMatchObject({ status: 'cancelled' });
    }
    open();
    journeys.add(unbegun);
    await journeys.expectEngineAgrees('CANCELLED');
    expect(journeys.ledger.calls(id)).toEqual([`${id}:first:`, `${id}:second:`]);
    expect(journeys.ledger.calls(unbegun)).toEqual([]);
  }, 60_000);
});
