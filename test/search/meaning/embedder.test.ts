import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadyModel } from '../../../src/platform/meaning/meaning-model.js';
import { Embedder, type EmbedderOptions } from '../../../src/search/meaning/embedder.js';
import { until } from '../../support/instance.js';
import { standIn } from './stand-in.js';

let model: ReturnType<typeof standIn>;
let embedder: Embedder;
let ends: string[];

function open(options: Partial<EmbedderOptions> = {}): Embedder {
  embedder = new Embedder({
    model: () => model,
    onEnd: (reason) => ends.push(reason),
    firstPauseMs: 5,
    longestPauseMs: 20,
    ...options,
  });
  return embedder;
}
const ready = () => until('the process is ready', () => embedder.isReady);
const lines = (file: string) => readFileSync(join(model.folder, file), 'utf8').trim().split('\n');

beforeEach(() => {
  model = standIn();
  ends = [];
});
afterEach(() => {
  embedder.close();
  model.remove();
});

test('a query goes before what is learnt in the background', async () => {
  open();
  await ready();
  const learnt = ['one', 'two', 'three'].map((text) => embedder.embed(text));
  const query = embedder.embed('query', { isUrgent: true });
  expect(await query).toHaveLength(384);
  await Promise.all(learnt);
  expect(lines('asked')).toEqual(['one', 'query', 'two', 'three']);
});

test('a killed process answers nothing, at once, and is started again', async () => {
  open();
  await ready();
  const { pid } = embedder;
  const hanging = [embedder.embed('[hang]'), embedder.embed('waits')];
  process.kill(pid!, 'SIGKILL');
  expect(await Promise.all(hanging)).toEqual([undefined, undefined]);
  expect(ends).toEqual(['SIGKILL']);
  expect(await embedder.embed('now')).toBeUndefined();
  await ready();
  expect(embedder.pid).not.toBe(pid);
  expect(await embedder.embed('again')).toHaveLength(384);
});

test('a frozen process is killed and started again', async () => {
  open({ stuckMs: 100 });
  await ready();
  process.kill(embedder.pid!, 'SIGSTOP');
  expect(await embedder.embed('anything')).toBeUndefined();
  expect(ends).toEqual(['SIGKILL']);
  await ready();
  expect(await embedder.embed('anything')).toHaveLength(384);
});

test('a text that ends the process twice is given up: it means nothing', async () => {
  open();
  for (let end = 1; end <= 2; end += 1) {
    await ready();
    expect(await embedder.embed('[die]')).toBeUndefined();
  }
  await ready();
  const vector = await embedder.embed('[die]');
  expect(vector!.every((each) => each === 0)).toBe(true);
  expect(embedder.isReady).toBe(true);
});

test('without a model nothing is started; one that comes later is used', async () => {
  const found: ReadyModel[] = [];
  open({ model: () => found[0] });
  expect([embedder.isReady, await embedder.embed('x'), embedder.pid]).toEqual([
    false,
    undefined,
    undefined,
  ]);
  found.push(model);
  await ready();
  expect(await embedder.embed('x')).toHaveLength(384);
});

test('a process that cannot start is tried again, later and later', async () => {
  const broken = standIn('#!/bin/sh\necho "ImportError: no numpy" >&2\nexit 1\n');
  const at: number[] = [];
  open({
    model: () => broken,
    firstPauseMs: 40,
    longestPauseMs: 10_000,
    onEnd: (reason) => {
      ends.push(reason);
      at.push(performance.now());
    },
  });
  embedder.start();
  await until('it has ended four times', () => at.length >= 4);
  embedder.close();
  broken.remove();
  expect(new Set(ends)).toEqual(new Set(['ImportError: no numpy']));
  const pauses = at.slice(1).map((each, index) => each - at[index]!);
  for (const [index, pause] of pauses.entries())
    expect(pause).toBeGreaterThanOrEqual(40 * 2 ** index);
});

test('after the end nothing is asked or started', async () => {
  open();
  await ready();
  const asked = embedder.embed('[hang]');
  embedder.close();
  expect(await asked).toBeUndefined();
  expect([ends, embedder.isReady]).toEqual([[], false]);
});

test('a process that nobody asks is ended, and started again by the next question', async () => {
  open({ idleMs: 30 });
  await ready();
  const { pid } = embedder;
  await until('it has ended', () => embedder.pid === undefined);
  expect(await embedder.ready(60_000)).toBe(true);
  expect(embedder.pid).not.toBe(pid);
  expect(ends).toEqual([]);
});

test('a first start is waited for; a slow one once, and a failed one never', async () => {
  open();
  expect(await embedder.ready(60_000)).toBe(true);
  embedder.close();

  const slow = standIn('#!/bin/sh\nexec sleep 600\n');
  open({ model: () => slow });
  expect(await embedder.ready(10)).toBe(false);
  expect(await embedder.ready(600_000)).toBe(false);
  embedder.close();
  slow.remove();

  const broken = standIn('#!/bin/sh\nexit 1\n');
  open({ model: () => broken });
  expect(await embedder.ready(600_000)).toBe(false);
  expect(await embedder.ready(600_000)).toBe(false);
  embedder.close();
  broken.remove();
});
