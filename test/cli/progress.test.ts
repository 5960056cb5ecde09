import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { StepView } from '../../src/cli/views.js';
import { Progress } from '../../src/cli/progress.js';
import { stepView as step } from './support/step-view.js';

function lines(steps: StepView[], now?: () => number): string[] {
  const stream = new PassThrough();
  const progress = new Progress(stream, now);
  steps.forEach((each) => progress.step(each));
  return ((stream.read() as Buffer | null)?.toString() ?? '').split('\n').slice(0, -1);
}

describe('progress', () => {
  test('a line when a step begins and when it ends, news that is repeated or late is not told', () => {
    const running = step('fetch', 'RUNNING');
    const again = step('fetch', 'RUNNING', { attempt: 2 });
    const done = step('fetch', 'SUCCESS', { attempt: 2 });
    expect(lines([running, running, again, done, done, running])).toEqual([
      '▸ fetch',
      '▸ fetch (attempt 2)',
      '✓ fetch  12 ms',
    ]);
  });

  test('fused steps are told when they end; skipped and failed ones say so', () => {
    const error = { code: 'script_error', message: 'boom', step: 'b', data: null };
    const steps = [
      step('a', 'RUNNING', { fused: true }),
      step('a', 'SKIPPED', { fused: true }),
      step('b', 'ERROR', { error }),
    ];
    expect(lines(steps)).toEqual(['- a  skipped', '✗ b  12 ms  script_error: boom']);
  });

  test('steps in loops are counted, at most one line a second', () => {
    let time = 10_000;
    const items = Array.from({ length: 2_500 }, (_, index) =>
      step('item', index % 5 === 0 ? 'ERROR' : 'SUCCESS', { iteration: String(index) }),
    );
    const told = lines(items, () => (time += 1));
    expect(told).toEqual([
      '  in loops: 1001 steps done, 201 failed',
      '  in loops: 2001 steps done, 401 failed',
    ]);
  });
});
