import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Notifier } from '../../../src/platform/database/listening/notifier.js';
import { type HeldSegment, Journal } from '../../../src/runs/journal/journal.js';
import { type JournalRow, StaleFence } from '../../../src/runs/journal/journal-row.js';
import { NOTHING_SPENT } from '../../../src/contracts/run/spent.js';
import { insertRun, insertStep } from '../../observation/rows.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
let journal: Journal;
let held: HeldSegment;
let runs = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  journal = new Journal(database.source, new Notifier(database.source));
}, 120_000);
afterAll(() => database?.close());

beforeEach(async () => {
  const runId = `run-${++runs}`;
  await insertRun(database.source, runId, { status: 'running' });
  const { fence } = await journal.openSegment(runId, 'first');
  held = { runId, segment: 'first', fence };
});

const row = (path: string, changes: Partial<JournalRow> = {}): JournalRow => ({
  path,
  iteration: '',
  name: path,
  kind: 'script',
  status: 'success',
  attempt: 1,
  fused: true,
  inputs: { n: 1 },
  result: { said: path },
  started_ms: 1_000,
  completed_ms: 1_250,
  ...changes,
});

const ownStep = (path: string, attempt = 1) => ({
  path,
  iteration: '',
  name: path,
  kind: 'script',
  attempt,
  inputs: { n: 1 },
  started_ms: 1_000,
});
const endedStep = (path: string, fence = 1, attempt = 1) => ({
  ...ownStep(path, attempt),
  fence,
  completed_ms: 3_000,
});

const error = { code: 'script_failed', message: 'no' };
const success = { result: 'all', spent: { ...NOTHING_SPENT, steps: 2 }, engineRunId: 'engine-1' };

const stepOf = async (path: string, iteration = '') =>
  (
    await database.source.query(
      'SELECT * FROM execution_steps WHERE run_id = $1 AND path = $2 AND iteration = $3',
      [held.runId, path, iteration],
    )
  )[0];
const run = async () =>
  (
    await database.source.query('SELECT * FROM directive_executions WHERE id = $1', [held.runId])
  )[0];
const setRun = (change: string) =>
  database.source.query(`UPDATE directive_executions SET ${change} WHERE id = $1`, [held.runId]);

describe('a commit', () => {
  test('writes rows as they were, and answers what was asked of the run meanwhile', async () => {
    await setRun('cancel_requested = true, pauses = 3');
    const flags = await journal.commit(held, [
      row('a'),
      row('b', { status: 'error', result: undefined as never, error }),
    ]);
    expect(flags).toEqual({ cancelRequested: true, pauses: 3 });
    expect(await stepOf('a')).toMatchObject({
      status: 'success',
      fused: true,
      inputs: { n: 1 },
      result: { said: 'a' },
      duration_ms: 250,
      started_at: new Date(1_000),
    });
    expect(await stepOf('b')).toMatchObject({ status: 'error', result: null, error });
  });

  test('keeps NUL and half characters in a value, and takes them out of a path', async () => {
    const result = { text: 'a\u0000b', half: '\ud800' };
    await journal.commit(held, [row('odd\u0000path', { name: 'odd', result })]);
    const [{ text }] = await database.source.query(
      'SELECT result::text AS text FROM execution_steps WHERE run_id = $1 AND path = $2',
      [held.runId, 'oddpath'],
    );
    expect(JSON.parse(text)).toEqual(result);
  });

  test('of a worker that was overtaken writes nothing', async () => {
    await journal.openSegment(held.runId, 'first');
    await expect(journal.commit(held, [row('a')])).rejects.toThrow(StaleFence);
    expect(await stepOf('a')).toBeUndefined();
  });

  test('does not change a finished step: the first end wins', async () => {
    await journal.commit(held, [row('a', { result: 'first' })]);
    await journal.commit(held, [row('a', { result: 'second' })]);
    expect((await stepOf('a')).result).toBe('first');
  });

  test('whose own work was written by somebody else is told that it is stale', async () => {
    await journal.commit(held, [row('a', { result: 'first' })]);
    const mine = row('a', { result: 'second', vital: true });
    await expect(journal.commit(held, [mine, row('b')])).rejects.toThrow(StaleFence);
  });

  test('of a later attempt replaces a failure, and of an earlier one does not', async () => {
    await journal.commit(held, [row('a', { status: 'error', error, attempt: 2 })]);
    await journal.commit(held, [row('a', { result: 'late', attempt: 1 })]);
    expect(await stepOf('a')).toMatchObject({ status: 'error', attempt: 2 });
    await journal.commit(held, [row('a', { result: 'better', attempt: 3 })]);
    expect(await stepOf('a')).toMatchObject({ status: 'success', attempt: 3, error: null });
  });

  test('of several rows of one step writes the one that would have stayed', async () => {
    const failed = row('a', { status: 'error', error });
    await journal.commit(held, [failed, row('a', { attempt: 2 }), row('a', { attempt: 3 })]);
    expect(await stepOf('a')).toMatchObject({ status: 'success', attempt: 2 });
  });
});

describe('the start of a segment', () => {
  test('raises its fence, and knows that it was begun before', async () => {
    const again = await journal.openSegment(held.runId, 'first');
    expect(again).toMatchObject({ fence: held.fence + 1, again: true, artifacts: false });
    expect(await journal.openSegment(held.runId, 'second')).toMatchObject({ again: false });
  });

  test('of a run that had ended before counts as begun before, though its fences are gone', async () => {
    await setRun(`status = 'running', ended_run_id = 'engine-0', cancel_requested = true`);
    expect(await journal.openSegment(held.runId, 'other')).toMatchObject({
      fence: 1,
      again: true,
      cancelRequested: true,
    });
  });
});

test('what is known of steps: those that ended, within one iteration', async () => {
  await journal.commit(held, [
    row('a', { iteration: '1' }),
    row('a', { iteration: '1.2', status: 'error', error }),
    row('a', { iteration: '10' }),
    row('b', { iteration: '1', status: 'waiting' }),
    row('c', { iteration: '1' }),
  ]);
  const known = await journal.known(held.runId, ['a', 'b'], '1');
  expect([...known.keys()].sort()).toEqual(['a#1', 'a#1.2']);
  expect(known.get('a#1.2')).toMatchObject({ status: 'error', error, attempt: 1 });
  expect((await journal.known(held.runId, ['a'], '')).size).toBe(3);
});

test('notes need no fence, and end a step that waited', async () => {
  const note = { path: 'a', iteration: '', name: 'a', kind: 'wait', attempt: 1, started_ms: 1_000 };
  await journal.notes(held.runId, [{ ...note, status: 'waiting' }]);
  expect(await stepOf('a')).toMatchObject({ status: 'waiting', completed_at: null, fused: false });
  await journal.notes(held.runId, [{ ...note, status: 'success', result: 7, completed_ms: 2_000 }]);
  expect(await stepOf('a')).toMatchObject({ status: 'success', result: 7, duration_ms: 1_000 });
  await journal.notes(held.runId, []);
});

test('what is given up is what is under way inside it, in its iteration', async () => {
  const { source } = database;
  const running = { status: 'running', iteration: '1' };
  await insertStep(source, held.runId, 'loop/a', running);
  await insertStep(source, held.runId, 'loop/b', { status: 'waiting', iteration: '1.0' });
  await insertStep(source, held.runId, 'loop/c', { iteration: '1' });
  await insertStep(source, held.runId, 'loop/d', { ...running, iteration: '10' });
  await insertStep(source, held.runId, 'loop_2/e', running);
  await journal.drop(held.runId, { path: 'loop[]', iteration: '1' });
  const rows = await source.query(
    'SELECT path, status FROM execution_steps WHERE run_id = $1 ORDER BY path',
    [held.runId],
  );
  expect(rows.map(({ path, status }: Record<string, string>) => [path, status])).toEqual([
    ['loop/a', 'cancelled'],
    ['loop/b', 'cancelled'],
    ['loop/c', 'success'],
    ['loop/d', 'running'],
    ['loop_2/e', 'running'],
  ]);
});

describe('an own step', () => {
  test('that nobody began before ends under the first fence', async () => {
    await journal.closeStep(held.runId, { ...endedStep('a'), undo: { n: 1 } }, { result: 7 });
    expect(await stepOf('a')).toMatchObject({
      status: 'success',
      fence: 1,
      result: 7,
      undo: { n: 1 },
      duration_ms: 2_000,
      fused: false,
    });
  });

  test('that is begun again keeps the first start from ending it', async () => {
    await journal.showStep(held.runId, ownStep('a'));
    expect(await stepOf('a')).toMatchObject({ status: 'running', fence: 1 });
    expect(await journal.openStep(held.runId, ownStep('a'))).toMatchObject({ fence: 2 });
    const stale = journal.closeStep(held.runId, endedStep('a', 1), { result: 'stale' });
    await expect(stale).rejects.toThrow(StaleFence);
    await journal.closeStep(held.runId, endedStep('a', 2), { result: 'second' });
    expect(await stepOf('a')).toMatchObject({ status: 'success', result: 'second' });
  });

  test('that has finished is not begun again: its result is answered', async () => {
    await journal.closeStep(held.runId, endedStep('a'), { result: 'done' });
    const opened = await journal.openStep(held.runId, ownStep('a'));
    expect(opened).toMatchObject({ status: 'success', result: 'done', attempt: 1 });
    const late = journal.closeStep(held.runId, endedStep('a', opened.fence), { result: 'late' });
    await expect(late).rejects.toThrow(StaleFence);
  });

  test('that failed is begun again by a later attempt only', async () => {
    await journal.closeStep(held.runId, endedStep('a'), { error });
    expect(await journal.openStep(held.runId, ownStep('a'))).toMatchObject({
      status: 'error',
      error,
    });
    const later = await journal.openStep(held.runId, ownStep('a', 2));
    expect(later).toMatchObject({ status: 'running', attempt: 2, cancelRequested: false });
    await journal.closeStep(held.runId, endedStep('a', later.fence, 2), { result: 'better' });
    expect(await stepOf('a')).toMatchObject({ status: 'success', attempt: 2, error: null });
  });

  test('shows how far its attempt is, until the run has ended', async () => {
    const step = { ...ownStep('a'), fused: false };
    const progress = (done: number) => ({
      done,
      total: 3,
      message: null,
      at: '2026-01-01T00:00:00.000Z',
    });
    await journal.showProgress(held.runId, step, progress(1));
    expect((await stepOf('a')).progress).toEqual(progress(1));
    await journal.showProgress(held.runId, { ...step, attempt: 2 }, progress(2));
    expect((await stepOf('a')).progress).toEqual(progress(1));
    await setRun(`status = 'success', completed_at = now()`);
    await journal.showProgress(held.runId, { ...step, path: 'b' }, progress(2));
    expect(await stepOf('b')).toBeUndefined();
  });
});

describe('the last rows of a run', () => {
  test('and its end are one transaction', async () => {
    expect(await journal.commitEnd(held, [row('a')], success)).toBe(true);
    expect(await stepOf('a')).toMatchObject({ status: 'success' });
    expect(await run()).toMatchObject({
      status: 'success',
      result: 'all',
      ended_run_id: 'engine-1',
      spent: success.spent,
    });
  });

  test('that were written before leave the end to be written', async () => {
    await journal.commit(held, [row('a')]);
    expect(await journal.commitEnd(held, [row('a')], success)).toBe(false);
    expect((await run()).status).toBe('running');
  });

  test('of a worker that was overtaken end nothing', async () => {
    await journal.openSegment(held.runId, 'first');
    await expect(journal.commitEnd(held, [row('a')], success)).rejects.toThrow(StaleFence);
    expect((await run()).status).toBe('running');
  });

  test('end with an own step, too, for the worker that holds it', async () => {
    const opened = await journal.openStep(held.runId, ownStep('a'));
    const close = (fence: number) =>
      journal.closeEnd(held.runId, endedStep('a', fence), { result: 'all' }, success);
    await expect(close(opened.fence - 1)).rejects.toThrow(StaleFence);
    expect((await run()).status).toBe('running');
    expect(await close(opened.fence)).toBe(true);
    expect(await run()).toMatchObject({ status: 'success', result: 'all' });
  });

  test('of a run that ended meanwhile are written, and change its end no more', async () => {
    await setRun(`status = 'cancelled', completed_at = now()`);
    const ended = journal.closeEnd(held.runId, endedStep('a'), { result: 'all' }, success);
    expect(await ended).toBe(false);
    expect(await run()).toMatchObject({ status: 'cancelled', result: null });
  });
});

test('finished steps with a compensation come in pages, the last completed first', async () => {
  const steps = Array.from({ length: 60 }, (_, n) =>
    row(`step_${n}`, { undo: { n }, completed_ms: 2_000 + Math.floor(n / 2) }),
  );
  await journal.commit(held, steps);
  await journal.commit(held, [row('failed', { undo: {}, status: 'error', error }), row('without')]);
  const first = await journal.pendingCompensations(held.runId, null);
  const second = await journal.pendingCompensations(held.runId, first.at(-1)!.cursor);
  expect(first.length).toBe(50);
  const newestFirst = steps.map(({ path }) => path).reverse();
  expect([...first, ...second].map(({ path }) => path)).toEqual(newestFirst);
  expect(first[0]).toMatchObject({ result: { said: 'step_59' }, scope: { n: 59 } });
  expect(await journal.pendingCompensations(held.runId, second.at(-1)!.cursor)).toEqual([]);
});
