import { expect } from '@jest/globals';
import { type Instance, until } from '../support/instance.js';
import { expectInEngine, type Hold, Ledger, MARK, mark as markBy } from './ledger.js';

/** A script of their own: a worker keeps eight runners of one script, and these runs hold eight. */
const mark = (name: string, more = '') => markBy(name, more, 'stand');

/** Everything that a run can wait for, at the same time. */
const STANDING = `
name: standing
version: 1.0.0
description: Waits for everything at once
inputs: { hold: { type: object } }
permissions: ['execute:directives', 'write:filesystem:ledger/**']
steps:
  - ${mark('before_all')}
  - name: everything
    parallel:
      - { name: later, wait: { duration_seconds: 2 } }
      - { name: told, wait: { signal: go } }
      - { name: heard, wait: { event: tidings, match: { run: '{{ run.id }}' } } }
      - { name: asked, approve: { who: operator, self_approval: true }, description: May it go on? }
      - [${mark('light')}, ${mark('after_light')}]
      - [${mark('own', ', timeout_seconds: 30')}, ${mark('after_own')}]
      - name: race
        wait_for: any
        parallel: [{ name: never, wait: { signal: never } }, ${mark('winner')}]
      - { name: child, directive: standing_child, inputs: { hold: '{{ inputs.hold }}' } }
  - ${mark('after_all')}
  - return: ['{{ steps.told }}', '{{ steps.heard.news }}', '{{ steps.asked.decision }}', '{{ steps.race.branches[0] }}', '{{ steps.child }}']
`;
const WAITING = ['asked', 'child', 'heard', 'later', 'never', 'told'];
const HELD = ['light', 'own', 'winner'];
const IN_CHILD = 'child_held';

/** A child run of the first. */
const CHILD = `
name: standing_child
version: 1.0.0
description: Waits for everything below another run
inputs: { hold: { type: object } }
permissions: ['write:filesystem:ledger/**']
steps:
  - ${mark(IN_CHILD)}
  - { name: child_later, wait: { duration_seconds: 2 } }
  - ${mark('child_last', ', timeout_seconds: 30')}
  - return: grown
`;

const TELL = `
name: tell
version: 1.0.0
description: Tells the tidings to a run
inputs: { run: { type: string } }
permissions: ['write:events']
steps:
  - emit: tidings
    inputs: { run: '{{ inputs.run }}', news: good }
`;

/** Fails, or is cancelled, and is undone: a light step, an own one, a loop. */
const UNDONE = `
name: undone
version: 1.0.0
description: Undoes what it did
inputs: { hold: { type: object }, waits: { type: boolean } }
permissions: ['write:filesystem:ledger/**']
steps:
  - ${mark('one', `, compensate: ${mark('undo_one')}`)}
  - ${mark('two', `, timeout_seconds: 30, compensate: ${mark('undo_two', ', timeout_seconds: 30')}`)}
  - foreach: [a, b]
    name: loop
    steps: [${mark('item', `, compensate: ${mark('undo_item')}`)}]
  - { name: never_told, if: '{{ inputs.waits }}', wait: { signal: never } }
  - fail: enough
always:
  - ${mark('last')}
`;
const UNDOING = [
  'one:',
  'two:',
  'loop/item:0',
  'loop/item:1',
  'loop/item/compensate/undo_item:1',
  'loop/item/compensate/undo_item:0',
  'two/compensate/undo_two:',
  'one/compensate/undo_one:',
  '.always/last:',
];

/** Is paused while its first step is under way. */
const PAUSED = `
name: paused
version: 1.0.0
description: Stops after its first step
inputs: { hold: { type: object } }
permissions: ['write:filesystem:ledger/**']
steps: [${mark('first')}, ${mark('second')}, ${mark('third', ', timeout_seconds: 30')}]
`;

export const STANDING_PROJECT = {
  '.ai/scripts/stand.js': MARK,
  'ledger/README': 'What the outside world saw.',
  '.ai/directives/standing.yaml': STANDING,
  '.ai/directives/standing_child.yaml': CHILD,
  '.ai/directives/tell.yaml': TELL,
  '.ai/directives/undone.yaml': UNDONE,
  '.ai/directives/paused.yaml': PAUSED,
};

const SIGNAL = 'mutation ($id: ID!) { signalExecution(id: $id, name: "go", payload: 7) { id } }';
const APPROVE = 'mutation ($id: ID!) { resolveApproval(id: $id, decision: APPROVED) { id } }';
const CANCEL = 'mutation ($id: ID!) { cancelExecution(id: $id) { id } }';
const PAUSE = 'mutation ($id: ID!) { pauseExecution(id: $id) { id } }';
const RESUME = 'mutation ($id: ID!) { resumeExecution(id: $id) { id } }';

/** Runs that stand still in every way that there is: waits, approvals, branches, compensations, a pause. */
export class Standing {
  private readonly ledger: Ledger;
  private waiting = '';
  private child = '';
  private paused = '';
  private undone: [id: string, status: 'error' | 'cancelled'][] = [];

  private constructor(private readonly instance: Instance) {
    this.ledger = new Ledger(instance);
  }

  /** Resolves when they all stand. What holds them opens with the gate. */
  static async begin(instance: Instance, gate: string): Promise<Standing> {
    const all = new Standing(instance);
    await all.beginAll(gate);
    return all;
  }

  /** Tells the runs what they wait for. Whoever asks an API that is away asks again. */
  async tell(): Promise<void> {
    const id = this.waiting;
    await this.insist(SIGNAL, id);
    const [approval] = await until('the question is there', () =>
      this.instance.query('SELECT id, status FROM approvals WHERE run_id = $1', [id]),
    );
    await this.insist(APPROVE, approval.id);
    await this.instance.start('tell', { run: id });
  }

  /** Waits for the end of all, and holds them to what was promised. */
  async expectWhole(): Promise<void> {
    await this.expectWaited();
    for (const [id, status] of this.undone) await this.expectUndone(id, status);
    await this.expectPaused();
    await expectInEngine(this.instance, [
      [this.waiting, 'COMPLETED'],
      [this.child, 'COMPLETED'],
      [this.paused, 'COMPLETED'],
      ...this.undone.map(([id, status]): [string, string] => [
        id,
        status === 'error' ? 'FAILED' : 'CANCELLED',
      ]),
    ]);
  }

  private async beginAll(gate: string): Promise<void> {
    const { instance, ledger } = this;
    const begin = (directive: string, step: Hold['step'], when: Hold['when'], more = {}) =>
      instance.start(directive, { hold: { step, when, gate }, ...more });
    const [waiting, paused, failed, failedOwn, cancelled] = await Promise.all([
      begin('standing', [...HELD, IN_CHILD], 'after'),
      begin('paused', 'first', 'after'),
      begin('undone', 'undo_one', 'before', { waits: false }),
      begin('undone', 'undo_two', 'after', { waits: false }),
      begin('undone', 'undo_item', 'after', { waits: true }),
    ]);
    Object.assign(this, { waiting, paused });
    this.undone = [
      [failed, 'error'],
      [failedOwn, 'error'],
      [cancelled, 'cancelled'],
    ];
    await until('one waits for its signal', () => this.waits(cancelled, ['never_told']));
    await this.insist(CANCEL, cancelled);
    await until('one waits for everything', () => this.waits(waiting, WAITING));
    await until('its branches stand', () => ledger.held(waiting).length === HELD.length);
    this.child = await until('its child is there', () => this.childOf(waiting));
    await until('its child stands', () => ledger.held(this.child).length === 1);
    for (const id of [paused, failed, failedOwn, cancelled]) {
      await until(`${id} holds`, () => ledger.held(id).length === 1);
    }
    await this.insist(PAUSE, paused);
  }

  private async childOf(id: string): Promise<string | undefined> {
    const sql = 'SELECT id FROM directive_executions WHERE parent_id = $1';
    return (await this.instance.query(sql, [id]))[0]?.id;
  }

  private async waits(id: string, names: string[]): Promise<boolean> {
    const rows = await this.instance.query(
      `SELECT name FROM execution_steps WHERE run_id = $1 AND status = 'waiting' ORDER BY name`,
      [id],
    );
    return rows.map(({ name }) => name).join() === names.join();
  }

  private insist(mutation: string, id: string): Promise<unknown> {
    return until(mutation, () => this.instance.graphql(mutation, { id }));
  }

  private async expectWaited(): Promise<void> {
    const id = this.waiting;
    const { status, result, error } = await this.instance.ended(id);
    expect({ status, result, error }).toEqual({
      status: 'success',
      result: [7, 'good', 'approved', null, 'grown'],
      error: null,
    });
    this.expectOnce(
      id,
      [
        'before_all:',
        'everything/4/light:',
        'everything/4/after_light:',
        'everything/5/own:',
        'everything/5/after_own:',
        'everything/6/race/1/winner:',
        'after_all:',
      ].sort(),
      HELD.length,
    );
    this.expectOnce(this.child, [`${IN_CHILD}:`, 'child_last:'], 1);
  }

  private async expectUndone(id: string, status: string): Promise<void> {
    expect(await this.instance.ended(id)).toMatchObject({ status });
    this.expectOnce(id, [...UNDOING].sort(), status === 'error' ? 1 : 2);
    const calls = this.ledger.calls(id).map((key) => key.slice(id.length + 1));
    expect(calls.filter((key, at) => calls.indexOf(key) === at)).toEqual(UNDOING);
  }

  /** The pause has outlived whatever died: only then is it ended. */
  private async expectPaused(): Promise<void> {
    const id = this.paused;
    const statusNow = async () =>
      (await this.instance.query('SELECT status FROM directive_executions WHERE id = $1', [id]))[0]
        .status;
    if ((await statusNow()) !== 'success') {
      expect(await statusNow()).toBe('paused');
      expect([...new Set(this.ledger.calls(id))]).toEqual([`${id}:first:`]);
      await this.insist(RESUME, id);
    }
    expect(await this.instance.ended(id)).toMatchObject({ status: 'success' });
    this.expectOnce(id, ['first:', 'second:', 'third:'], 1);
  }

  /** Each effect once; nothing is called again but what stood still. */
  private expectOnce(id: string, keys: string[], held: number): void {
    const expected = keys.map((key) => `${id}:${key}`);
    expect(this.ledger.effects(id).sort()).toEqual(expected);
    const calls = this.ledger.calls(id);
    expect([...new Set(calls)].sort()).toEqual(expected);
    const stood = this.ledger.held(id);
    const twice = calls.filter((key, at) => calls.indexOf(key) !== at);
    expect(twice.filter((key) => !stood.includes(key))).toEqual([]);
    expect(new Set(stood).size).toBe(held);
  }
}
