import { beforeEach, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/workflow';
import type { Message } from '../../../src/contracts/message.js';
import { ContinueSignal } from '../../../src/workflows/engine/continue-signal.js';
import type { Engine } from '../../../src/workflows/engine/engine.js';
import { Mailbox } from '../../../src/workflows/engine/mailbox.js';
import { RunClock } from '../../../src/workflows/engine/run-clock.js';
import { Timers } from '../../../src/workflows/engine/timers.js';
import { plan } from '../../support/plans.js';

/** An engine whose time passes only when a test says so, and whose timers can be cancelled, as Temporal's. */
class ManualEngine {
  readonly slept: number[] = [];
  inOrder = true;
  private time = 0;
  private timers: { at: number; end(error?: Error): void }[] = [];

  now = () => this.time;
  has = () => this.inOrder;

  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve, reject) => {
      const end = (error?: Error) => (error ? reject(error) : resolve());
      this.timers.push({ at: this.time + ms, end });
    });
  }

  scope(work: () => Promise<void>) {
    const before = this.timers.length;
    const done = work();
    const [timer] = this.timers.slice(before);
    return { done, cancel: () => timer?.end(new CancelledFailure('cancelled')) };
  }

  async pass(ms: number): Promise<void> {
    this.time += ms;
    for (const { at, end } of this.timers) if (at <= this.time) end();
    await settle();
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const DEADLINE_MS = 10_000;

let engine: ManualEngine;
let mailbox: Mailbox;
let timers: Timers;
let tasks: number;

beforeEach(() => {
  engine = new ManualEngine();
  mailbox = new Mailbox({ seen: [], kept: [], pauses: 0 });
  tasks = 0;
  const whole = engine as unknown as Engine;
  const clock = new RunClock(whole, plan([]).limits, DEADLINE_MS);
  timers = new Timers(whole, clock, mailbox, () => tasks++);
});

const send = async (payload: Message['payload'], name = 'go') => {
  const message = { id: '', kind: 'signal' as const, name, payload, actor: 'tester' };
  mailbox.receive('signal', [message]);
  await settle();
};
const limitError = { code: 'duration_seconds_exceeded' };

test('a wait ends at its time, at least a millisecond later, with a workflow task of its own', async () => {
  const waits = Promise.all([timers.wait(0), timers.wait(500)]);
  await engine.pass(500);
  await waits;
  expect(engine.slept).toEqual([1, 500]);
  expect(tasks).toBe(2);
});

test('a sleep to a time after the deadline fails the run at the deadline', async () => {
  const slept = timers.sleepUntil(DEADLINE_MS + 1, 'wait');
  const failed = expect(slept).rejects.toMatchObject({ error: limitError, fatal: true });
  await engine.pass(DEADLINE_MS);
  await failed;
});

test('a message that is there is taken at once', async () => {
  await send('early');
  expect(await timers.receive('signal go', 1_000, 'wait')).toBe('early');
  expect(engine.slept).toEqual([]);
});

test('a message ends the timer of its topic, and of no other', async () => {
  const go = timers.receive('signal go', 1_000, 'wait');
  const stop = timers.receive('signal stop', 1_000, 'wait');
  await send('now');
  expect(await go).toBe('now');
  await engine.pass(1_000);
  expect(await stop).toBeUndefined();
});

test('a message that does not come before the deadline fails the run', async () => {
  const received = timers.receive('signal go', DEADLINE_MS + 1, 'wait');
  const failed = expect(received).rejects.toMatchObject({ error: limitError });
  await engine.pass(DEADLINE_MS);
  await failed;
});

test('who began to wait earlier is served first, whoever asks first', async () => {
  const late = timers.lineUp('signal go', 2);
  const early = timers.lineUp('signal go', 1);
  const [second, first] = [
    timers.receive('signal go', 1_000, 'wait', late),
    timers.receive('signal go', 1_000, 'wait', early),
  ];
  await send('first');
  expect(await first).toBe('first');
  early.leave();
  await send('second');
  expect(await second).toBe('second');
});

test('who leaves the line wakes the next one, who has something to take', async () => {
  const early = timers.lineUp('signal go', 1);
  const received = timers.receive('signal go', 1_000, 'wait', timers.lineUp('signal go', 2));
  await send('for whoever is first');
  early.leave();
  expect(await received).toBe('for whoever is first');
});

test('a run that began before there was a line gives a message to whoever came to it', async () => {
  engine.inOrder = false;
  timers.lineUp('signal go', 1);
  await send('first come');
  const late = timers.lineUp('signal go', 2);
  expect(await timers.receive('signal go', 1_000, 'wait', late)).toBe('first come');
});

test('nobody sleeps on, or goes to sleep, when the run continues as new', async () => {
  const asleep = expect(timers.nap(1_000, 'wait')).rejects.toThrow(ContinueSignal);
  timers.stop();
  await asleep;
  await expect(timers.nap(1_000, 'wait')).rejects.toThrow(ContinueSignal);
  expect(engine.slept).toEqual([1_000]);
});

test('a wait for the end of a child goes on when the run continues as new, and past its deadline', async () => {
  timers.stop();
  let ended = false;
  const received = timers
    .receiveAnyway('signal go', DEADLINE_MS * 2, 'wait')
    .then(() => (ended = true));
  await engine.pass(DEADLINE_MS + 1);
  expect(ended).toBe(false);
  await send('at last');
  await received;
});

test('a cancellation from outside is not taken for a message', async () => {
  const cancelled = new CancelledFailure('by a person');
  engine.scope = () => ({ done: Promise.reject(cancelled), cancel() {} });
  await expect(timers.receive('signal go', 1_000, 'wait')).rejects.toBe(cancelled);
});
