import { expect } from '@jest/globals';
import { type Instance, until } from '../support/instance.js';
import { expectInEngine, type Hold, Ledger, MARK, mark as step } from './ledger.js';

/** Light steps, own steps, and loops over both. */
const JOURNEY = `
name: journey
version: 1.0.0
description: Leaves a mark in an outside ledger at every step
inputs:
  hold: { type: object, description: Where to stand still, default: {} }
  items: { type: integer, description: Rounds of the light loop, default: 3 }
  abreast: { type: integer, description: Own steps at the same time, default: 3 }
permissions: ['write:filesystem:ledger/**']
steps:
  - ${step('first')}
  - ${step('second')}
  - ${step('alone', ', timeout_seconds: 30')}
  - name: many
    foreach: '{{ range(inputs.items) }}'
    steps: [${step('one_of_many')}]
  - name: abreast
    foreach: '{{ range(inputs.abreast) }}'
    concurrency: 40
    steps: [${step('aside', ', timeout_seconds: 30')}]
  - ${step('last')}
`;

export const PROJECT = {
  '.ai/directives/journey.yaml': JOURNEY,
  '.ai/scripts/mark.js': MARK,
};

const SIDE_BY_SIDE = 3;

/** How often the loops of a journey turn. */
const LOOPS = { items: 3, abreast: SIDE_BY_SIDE };

/** What the outside world, the database and the engine say of journeys. */
export class Journeys {
  readonly ledger: Ledger;
  /** Runs, with the turns of their loops and the keys that had finished before the crash. */
  private readonly runs = new Map<string, { loops: typeof LOOPS; finished: string[] }>();

  constructor(private readonly instance: Instance) {
    this.ledger = new Ledger(instance);
  }

  /** Starts one; resolves when it stands where it is to stand. */
  async begin(hold?: Hold, loops: Partial<typeof LOOPS> = {}): Promise<string> {
    const id = await this.instance.start('journey', { ...(hold && { hold }), ...loops });
    this.add(id, loops);
    const held = hold?.step === 'aside' ? SIDE_BY_SIDE : 1;
    if (hold) await until(`${id} holds`, () => this.ledger.held(id).length === held);
    return id;
  }

  add(id: string, loops: Partial<typeof LOOPS> = {}): void {
    this.runs.set(id, { loops: { ...LOOPS, ...loops }, finished: [] });
  }

  get ids(): string[] {
    return [...this.runs.keys()];
  }

  /** Remembers what has finished: that must not run again. */
  async beforeCrash(): Promise<void> {
    const rows = await this.instance.query(
      `SELECT run_id, path, iteration FROM execution_steps
       WHERE run_id = ANY($1) AND kind = 'script' AND status = 'success'`,
      [this.ids],
    );
    for (const { run_id, path, iteration } of rows)
      this.runs.get(run_id)!.finished.push(`${run_id}:${path}:${iteration}`);
  }

  /** Waits for the end of all, and holds them to what was promised. */
  async expectWhole(): Promise<void> {
    for (const id of this.ids) {
      const { status, error, result } = await this.instance.ended(id);
      expect({ id, status, error, result }).toEqual({
        id,
        status: 'success',
        error: null,
        result: { key: `${id}:last:` },
      });
    }
    for (const id of this.ids) await this.expectOneWhole(id);
    await this.expectTrail();
    await this.expectEngineAgrees('COMPLETED');
  }

  /** The engine tells the same end of every run within 60 s. */
  expectEngineAgrees(status: string): Promise<void> {
    return expectInEngine(
      this.instance,
      this.ids.map((id) => [id, status]),
    );
  }

  private async expectOneWhole(id: string): Promise<void> {
    const { loops, finished } = this.runs.get(id)!;
    const keys = keysOf(id, loops);
    const calls = this.ledger.calls(id);
    expect(this.ledger.effects(id).sort()).toEqual(keys.sort());
    expect([...new Set(calls)].sort()).toEqual(keys);
    const twice = calls.filter((key, at) => calls.indexOf(key) !== at);
    expect(finished.filter((key) => twice.includes(key))).toEqual([]);
    expect(twice.length).toBeLessThanOrEqual(SIDE_BY_SIDE);
    const files = await this.instance.query(
      'SELECT path FROM artifacts WHERE run_id = $1 ORDER BY path',
      [id],
    );
    const leaving = keys.filter((key) => !key.startsWith(`${id}:many/`));
    expect(files.map(({ path }) => path).sort()).toEqual(leaving.map(encodeURIComponent).sort());
    const rows = await this.instance.query(
      `SELECT kind, status, count(*)::int FROM execution_steps WHERE run_id = $1 GROUP BY 1, 2 ORDER BY 1`,
      [id],
    );
    expect(rows).toEqual([
      { kind: 'foreach', status: 'success', count: 2 },
      { kind: 'script', status: 'success', count: keys.length },
    ]);
  }

  /** One start and one end of each run in the audit trail; nothing is left to be done. */
  private async expectTrail(): Promise<void> {
    const targets = this.ids.map((id) => `execution:${id}`);
    const rows = await this.instance.query(
      'SELECT target, action FROM audit_events WHERE target = ANY($1) ORDER BY target, action DESC',
      [targets],
    );
    const pairs = targets
      .sort()
      .flatMap((target) =>
        ['execution.start', 'execution.end'].map((action) => ({ target, action })),
      );
    expect(rows).toEqual(pairs);
    await until(
      'the outbox is empty',
      async () =>
        (await this.instance.query('SELECT id FROM outbox WHERE run_id = ANY($1)', [this.ids]))
          .length === 0,
    );
  }
}

function keysOf(id: string, { items, abreast }: typeof LOOPS): string[] {
  const loop = (path: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${id}:${path}:${index}`);
  const plain = ['first', 'second', 'alone', 'last'].map((path) => `${id}:${path}:`);
  return [...plain, ...loop('many/one_of_many', items), ...loop('abreast/aside', abreast)].sort();
}
