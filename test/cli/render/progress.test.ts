import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { StepEvent, StepView } from '../../../src/cli/client/views.js';
import { Progress } from '../../../src/cli/render/progress.js';
import { stepView as step } from '../support/step-view.js';

const boom = { code: 'script_error', message: 'boom', step: 'b', data: null };

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

  test('what a re-run takes from the run before is called reused, without its old time', () => {
    const steps = [step('a', 'SUCCESS', { reusedFrom: 'run-1' }), step('b', 'SUCCESS')];
    expect(lines(steps)).toEqual(['✓ a  reused', '✓ b  12 ms']);
  });

  test('steps in loops are counted, at most one line a second; the first failures are named', () => {
    let time = 10_000;
    const items = Array.from({ length: 2_500 }, (_, index) =>
      index % 5 === 0
        ? step('item', 'ERROR', { iteration: String(index), error: boom })
        : step('item', 'SUCCESS', { iteration: String(index) }),
    );
    const told = lines(items, () => (time += 1));
    expect(told).toEqual([
      ...[0, 5, 10, 15, 20].map((index) => `✗ item [${index}]  12 ms  script_error: boom`),
      '  in loops: 1001 steps done, 201 failed',
      '  in loops: 2001 steps done, 401 failed',
    ]);
  });

  test('what waits is told once, and how people answer it', () => {
    const asked = step('ask', 'WAITING', { kind: 'approve' });
    const parcel = step('parcel', 'WAITING', { kind: 'wait' });
    const inLoop = { iteration: '2' };
    const steps = [
      asked,
      asked,
      parcel,
      step('each', 'WAITING', { kind: 'approve', ...inLoop }),
      step('nap', 'WAITING', { kind: 'wait', ...inLoop }),
      step('ask', 'SUCCESS', { kind: 'approve' }),
    ];
    expect(lines(steps)).toEqual([
      '… ask  waits for an answer: mission approvals list',
      '… parcel  waits',
      '… each [2]  waits for an answer: mission approvals list',
      '✓ ask  12 ms',
    ]);
  });

  test('compensation is told, in loops as well, with what it undoes', () => {
    const undo = { path: 'each/deploy/compensate/roll_back', iteration: '1' };
    const steps = [
      step('undo_first', 'SUCCESS', { path: 'first/compensate/undo_first' }),
      step('roll_back', 'SUCCESS', undo),
      step('roll_back', 'ERROR', { ...undo, iteration: '0', error: boom }),
    ];
    expect(lines(steps)).toEqual([
      '✓ undo_first  12 ms  compensates first',
      '✓ roll_back [1]  12 ms  compensates deploy',
      '✗ roll_back [0]  12 ms  compensates deploy  script_error: boom',
    ]);
  });

  test('at a terminal the count is one line that is redrawn, and whole lines go before it', () => {
    let time = 10_000;
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 30 });
    const progress = new Progress(stream, () => (time += 1_000));
    for (const index of [0, 1, 2]) {
      progress.step(step('item', 'SUCCESS', { iteration: String(index) }));
    }
    progress.step(step('after', 'SUCCESS'));
    progress.clear();
    const written = stripVTControlCharacters(
      (stream.read() as Buffer).toString().replaceAll('\r\u001b[2K', '<empty>'),
    );
    expect(written).toBe(
      '  in loops: 2 steps done<empty>  in loops: 3 steps done<empty>✓ after  12 ms\n',
    );
  });
});

describe('how far a step says that it is', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const at = (done: number, total: number | null = null, message: string | null = null) => ({
    done,
    total,
    message,
  });
  const running = (
    name: string,
    progress: StepEvent['progress'],
    more: Partial<StepEvent> = {},
  ) => ({
    ...step(name, 'RUNNING', more),
    progress,
  });

  function open(isTTY: boolean, tellsWithin?: boolean) {
    const stream = Object.assign(new PassThrough(), { isTTY, columns: 200 });
    const progress = new Progress(stream, undefined, tellsWithin);
    const told = () =>
      stripVTControlCharacters(
        ((stream.read() as Buffer | null)?.toString() ?? '').replaceAll('\r\u001b[2K', '\n'),
      )
        .split('\n')
        .filter((line) => line !== '');
    return { tell: (news: StepEvent) => progress.step(news), told };
  }

  test('the first at once, then the newest now and then, and nothing when it has ended', () => {
    const { tell, told } = open(true);
    tell(running('fetch', null));
    tell(running('fetch', at(0, 10)));
    expect(told()).toEqual(['▸ fetch', '  fetch: 0 of 10']);
    for (let done = 1; done <= 9; done += 1) {
      tell(running('fetch', at(done, 10, `page ${done}`)));
      jest.advanceTimersByTime(200);
    }
    expect(told()).toEqual(['  fetch: 5 of 10, page 5']);
    jest.advanceTimersByTime(200);
    expect(told()).toEqual(['  fetch: 9 of 10, page 9']);
    tell(running('fetch', at(9, 10, 'page 9')));
    jest.advanceTimersByTime(60_000);
    expect(told()).toEqual([]);
    tell(running('fetch', at(9.5, 10)));
    tell(running('fetch', at(10, 10)));
    tell(step('fetch', 'SUCCESS'));
    tell(running('fetch', at(10, 10, 'late')));
    jest.advanceTimersByTime(60_000);
    expect(told()).toEqual(['  fetch: 9.5 of 10', '✓ fetch  12 ms']);
  });

  test('seldom where the lines are kept; steps at the same time do not wait for each other', () => {
    const { tell, told } = open(false);
    for (let second = 0; second < 10; second += 1) {
      tell(running('a', at(second), { fused: true }));
      tell(running('b', at(second / 3, 1), { fused: true }));
      jest.advanceTimersByTime(1_000);
    }
    expect(told()).toEqual(
      ['a: 0', 'b: 0 of 1', 'a: 4', 'b: 1.33 of 1', 'a: 9', 'b: 3 of 1'].map((line) => `  ${line}`),
    );
  });

  test('of steps in loops one line together', () => {
    const { tell, told } = open(true);
    for (let item = 0; item < 50; item += 1)
      tell(running('sum', at(1, 2), { iteration: String(item) }));
    for (let item = 0; item < 49; item += 1)
      tell(step('sum', 'SUCCESS', { iteration: String(item) }));
    jest.advanceTimersByTime(5_000);
    expect(told()).toEqual(['  sum [0]: 1 of 2', '  sum [49]: 1 of 2']);
  });

  test('what a script says is one short line, whatever it sends', () => {
    const { tell, told } = open(true);
    tell(
      running('x', at(1, null, ` \u001b[2J\u0007half\tway\nmore ${'y'.repeat(500)}`), {
        fused: true,
      }),
    );
    tell(running('z', at(1, null, 'y'.repeat(500)), { fused: true }));
    expect(told()).toEqual(['  x: 1, [2J half way', `  z: 1, ${'y'.repeat(99)}…`]);
  });

  test('nothing where it is not wanted', () => {
    const { tell, told } = open(true, false);
    tell(running('fetch', at(1, 2)));
    jest.advanceTimersByTime(5_000);
    expect(told()).toEqual(['▸ fetch']);
  });
});
