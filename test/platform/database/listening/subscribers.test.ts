import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { CHANNELS } from '../../../../src/contracts/engine.js';
import { Feed } from '../../../../src/observation/feeds/feed.js';
import { Subscribers } from '../../../../src/platform/database/listening/subscribers.js';
import { createDataSource } from '../../../../src/platform/database/data-source.js';
import { Notifier } from '../../../../src/platform/database/listening/notifier.js';
import { until } from '../../../support/instance.js';
import { createTestDatabase } from '../../../support/stack.js';
import { insertRun } from '../../../observation/rows.js';

const HOLDS_MS = 200;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let dataSource: DataSource;
/** Hears every hint, and is no audience. */
let ear: Client;
let heard: number;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource(database.url).initialize();
  ear = new Client(database.url);
  await ear.connect();
  ear.on('notification', () => heard++);
  await ear.query(`LISTEN ${CHANNELS.observation}`);
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

afterAll(async () => {
  await ear.end();
  await dataSource.destroy();
  await database.drop();
});

async function openNotifier() {
  const audience = new Subscribers(database.url, HOLDS_MS);
  const notifier = new Notifier(dataSource, audience);
  await audience.start();
  stops.push(() => audience.stop());
  // Just connected, it may have missed a word.
  await until('nobody watches', () => !audience.any);
  heard = 0;
  return { audience, notifier };
}

async function openFeed() {
  const feed = new Feed(dataSource, database.url);
  await feed.start();
  stops.push(() => feed.stop());
  return feed;
}

/** What the database was told before this has been heard after it. */
const settle = () => ear.query('SELECT 1');

test('while nobody watches nobody is told', async () => {
  const { notifier } = await openNotifier();
  await openFeed();
  expect(notifier.take()).toBe(false);
  notifier.changed();
  // Past the interval within which hints are put together.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await settle();
  expect(heard).toBe(0);
});

test('a follower is told at once of what came before its word, then of every change', async () => {
  const { audience, notifier } = await openNotifier();
  await insertRun(dataSource, 'watched');
  const rows = await (await openFeed()).executions('watched');
  await until('the arrival is told', () => audience.any && heard > 0);
  const before = heard;
  notifier.changed();
  await until('the change is told', () => heard > before);
  await rows.return?.();
  await until('nobody watches', () => !audience.any);
  expect(notifier.take()).toBe(false);
});

test('a follower stays the audience for as long as it is there', async () => {
  const { audience } = await openNotifier();
  const feed = await openFeed();
  const rows = await feed.logs(null);
  const words: number[] = [];
  ear.on('notification', ({ channel }) => channel === CHANNELS.watching && words.push(1));
  await ear.query(`LISTEN ${CHANNELS.watching}`);
  await until('the word is repeated', () => words.length >= 2);
  expect(audience.any).toBe(true);
  await ear.query(`UNLISTEN ${CHANNELS.watching}`);
  await rows.return?.();
});
