import { afterAll, expect, test } from '@jest/globals';
import { EmbedderProcess } from '../../../src/search/meaning/embedder-process.js';
import type { Vector } from '../../../src/search/meaning/vector.js';
import { standIn } from './stand-in.js';

const models = [standIn(), standIn('#!/bin/sh\necho "ImportError: no numpy" >&2\nexit 1\n')];
afterAll(() => models.forEach((model) => model.remove()));

/** A process, and what it said: its end, or the vector of a text. */
function started(model: { python: string; folder: string }) {
  const answered: Record<number, (vector: Vector | undefined) => void> = {};
  let process!: EmbedderProcess;
  let isReady!: () => void;
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const ended = new Promise<string>((resolve) => {
    process = new EmbedderProcess(model.python, model.folder, {
      ready: isReady,
      answer: (id, vector) => answered[id]?.(vector),
      ended: resolve,
    });
  });
  const ask = (id: number, text: string) =>
    new Promise<Vector | undefined>((resolve) => {
      answered[id] = resolve;
      process.ask(id, text);
    });
  return { process, ready, ended, ask };
}

test('it says when it is ready, answers with vectors of length 1, and ends when it is killed', async () => {
  const { process, ready, ended, ask } = started(models[0]!);
  await ready;
  const vector = await ask(1, 'a text');
  expect(vector).toHaveLength(384);
  expect(Math.hypot(...vector!)).toBeCloseTo(1, 5);
  process.kill();
  expect(await ended).toBe('SIGKILL');
});

test('the last line of its errors is the reason of its end', async () => {
  expect(await started(models[1]!).ended).toBe('ImportError: no numpy');
  expect(await started({ python: '/nowhere/python', folder: '/' }).ended).toContain('ENOENT');
});
