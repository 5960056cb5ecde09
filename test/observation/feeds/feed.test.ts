import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Feed } from '../../../src/observation/feeds/feed.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { createTestDatabase } from '../../support/stack.js';
import { insertLog, insertRun, insertStep, notify, updateRun } from '../rows.js';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let writer: DataSource;
const opened: { feed: Feed; dataSource: DataSource }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  writer = await createDataSource(database.url).initialize();
});

afterEach(async () => {
  for (const { feed, dataSource } of opened.splice(0)) {
    await feed.stop();
    await dataSource.destroy();
  }
});

afterAll(async () => {
  await writer.destroy();
  await database.drop();
});

/** A process of its own: its own pool, its own LISTEN connection. */
async function openFeed(): Promise<Feed> {
  const dataSource = await createDataSource(database.url, 4).initialize();
  const feed = new Feed(dataSource, database.url);
  opened.push({ feed, dataSource });
  await feed.start();
  return feed;
}

async function take<T>(rows: AsyncIterator<T>, count: number, withinMs = 3_000): Promise<T[]> {
  const taken: T[] = [];
  const late = delay(withinMs, undefined, { ref: false });
  while (taken.length < count) {
    const next = await Promise.race([rows.next(), late]);
    if (!next) throw new Error(`only ${taken.length} of ${count} rows came`);
    taken.push(next.value as T);
  }
  return taken;
}

/** Nothing more comes for a while. */
async function expectSilence(rows: AsyncIterator<unknown>, ms = 1_300) {
  const answer = await Promise.race([rows.next(), delay(ms, 'silence', { ref: false })]);
  expect(answer).toBe('silence');
}

test('with an id the present state comes first, then every change', async () => {
  await insertRun(writer, 'present');
  const rows = await (await openFeed()).executions('present');
  expect((await take(rows, 1))[0]).toMatchObject({ id: 'present', status: 'pending' });
  await updateRun(writer, 'present', 'running');
  await notify(writer);
  expect((await take(rows, 1))[0]).toMatchObject({ status: 'running' });
  await rows.return?.();
});

test('a hint brings a change within a fraction of a second; without it the poll does', async () => {
  const rows = await (await openFeed()).executions(null);
  const next = rows.next();
  await delay(50);
  const start = performance.now();
  await insertRun(writer, 'hinted');
  await notify(writer);
  expect((await next).value).toMatchObject({ id: 'hinted' });
  expect(performance.now() - start).toBeLessThan(500);
  await insertRun(writer, 'unhinted');
  expect((await take(rows, 1, 2_500))[0]).toMatchObject({ id: 'unhinted' });
  await rows.return?.();
});

test('every process tells every follower of its own run, and nobody of another', async () => {
  await insertRun(writer, 'mine');
  await insertRun(writer, 'yours');
  const feeds = [await openFeed(), await openFeed()];
  const mine = await Promise.all(feeds.map((feed) => feed.steps('mine')));
  const yours = await feeds[0]!.steps('yours');
  for (let index = 0; index < 300; index += 1) await insertStep(writer, 'mine', `step_${index}`);
  await notify(writer);
  for (const rows of mine) {
    const names = (await take(rows, 300)).map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: 300 }, (_, index) => `step_${index}`));
  }
  await expectSilence(yours);
});

test('a transaction that commits late is told of, after one that began later', async () => {
  const rows = await (await openFeed()).logs('late');
  const early = writer.createQueryRunner();
  await early.startTransaction();
  await insertLog(early.manager, 'late', 'began first');
  await insertLog(writer, 'late', 'committed first');
  await notify(writer);
  expect((await take(rows, 1))[0]).toMatchObject({ message: 'committed first' });
  const next = rows.next();
  expect(await Promise.race([next, delay(1_300, 'silence')])).toBe('silence');
  await early.commitTransaction();
  await early.release();
  expect((await next).value).toMatchObject({ message: 'began first' });
  await rows.return?.();
});

test('writers in a crowd: each follower gets every row once', async () => {
  const feed = await openFeed();
  const followers = await Promise.all([feed.logs('crowd'), feed.logs('crowd'), feed.logs(null)]);
  const taking = followers.map((rows) => take(rows, 400, 10_000));
  const write = async (index: number) => {
    const runner = writer.createQueryRunner();
    await runner.startTransaction();
    await insertLog(runner.manager, 'crowd', String(index));
    await delay(Math.random() * 20);
    await runner.commitTransaction();
    await runner.release();
    await notify(writer);
  };
  for (let batch = 0; batch < 50; batch += 1) {
    await Promise.all(Array.from({ length: 8 }, (_, index) => write(batch * 8 + index)));
  }
  for (const rows of await Promise.all(taking)) {
    const messages = rows.map(({ message }) => Number(message)).toSorted((a, b) => a - b);
    expect(messages).toEqual(Array.from({ length: 400 }, (_, index) => index));
  }
  await Promise.all(followers.map((rows) => expectSilence(rows)));
});

test('connections that are cut are made again, and nothing is lost', async () => {
  await insertRun(writer, 'cut');
  const feed = await openFeed();
  const rows = await feed.executions('cut');
  await take(rows, 1);
  await writer
    .query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    .catch(() => undefined);
  await updateRun(writer, 'cut', 'running').catch(() => updateRun(writer, 'cut', 'running'));
  expect((await take(rows, 1, 5_000))[0]).toMatchObject({ status: 'running' });
  const after = rows.next();
  await delay(1_500);
  await updateRun(writer, 'cut', 'error');
  await notify(writer);
  expect((await after).value).toMatchObject({ status: 'error' });
  expect((await rows.next()).done).toBe(true);
});

test('a follower that ends while it waits ends at once', async () => {
  const rows = await (await openFeed()).executions('nobody');
  const waiting = rows.next();
  await delay(50);
  await rows.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('a slow reader sees the latest state and skips what was overtaken', async () => {
  await insertRun(writer, 'slow');
  const rows = await (await openFeed()).executions('slow');
  await take(rows, 1);
  for (let index = 0; index < 50; index += 1) await updateRun(writer, 'slow', `state_${index}`);
  await notify(writer);
  await delay(300);
  expect((await take(rows, 1))[0]).toMatchObject({ status: 'state_49' });
});

test('hundreds wait for their runs, each is answered once its run has ended', async () => {
  const feed = await openFeed();
  const ids = Array.from({ length: 300 }, (_, index) => `wait_${index}`);
  for (const id of ids) await insertRun(writer, id);
  const waiting = ids.map((id) => feed.runs.waitForEnd(id, 10_000));
  await writer.query(
    `UPDATE directive_executions SET status = 'success', seq = nextval('feed_seq') WHERE id LIKE 'wait_%'`,
  );
  await notify(writer);
  const rows = await Promise.all(waiting);
  expect(rows.map((row) => row?.id)).toEqual(ids);
  expect(feed.runs.size).toBe(0);
});

test('a run that ended before is answered at once, one that does not end with null', async () => {
  const feed = await openFeed();
  await insertRun(writer, 'ended', { status: 'error' });
  await insertRun(writer, 'endless');
  expect(await feed.runs.waitForEnd('ended', 5_000)).toMatchObject({ status: 'error' });
  expect(await feed.runs.waitForEnd('endless', 100)).toBeNull();
  const gone = new AbortController();
  const waiting = feed.runs.waitForEnd('endless', 10_000, gone.signal);
  gone.abort();
  expect(await waiting).toBeNull();
});
