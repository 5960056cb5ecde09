import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Listener } from '../../../../src/platform/database/listening/listener.js';
import { until } from '../../../support/instance.js';
import { openTestDatabase, type TestDatabase } from '../../../support/stack.js';

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await openTestDatabase(2);
  ({ source } = database);
});

afterAll(() => database?.close());

const LISTENERS = `FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'mission-control listener'`;
const connections = async (): Promise<number> =>
  (await source.query(`SELECT count(*)::int AS count ${LISTENERS}`))[0].count;
const tell = (channel: string, about: string) =>
  source.query('SELECT pg_notify($1, $2)', [channel, about]);

function listenTo(channel: string) {
  const heard: string[] = [];
  const listener = new Listener(database.url, channel, {
    onHint: (about) => heard.push(about),
    onConnected: () => heard.push('connected'),
  });
  return { heard, listener };
}

test('all listeners of a process share a connection, and each hears of its own channel', async () => {
  const [one, other] = [listenTo('one'), listenTo('other')];
  await Promise.all([one.listener.start(), other.listener.start()]);
  expect(await connections()).toBe(1);
  await tell('one', 'a');
  await tell('other', 'b');
  await until('both have heard', () => other.heard.length === 2);
  expect([one.heard, other.heard]).toEqual([
    ['connected', 'a'],
    ['connected', 'b'],
  ]);
  await one.listener.stop();
  await tell('other', 'c');
  await until('the other goes on', () => other.heard.length === 3);
  await other.listener.stop();
  await until('nobody is left', async () => (await connections()) === 0);
});

test('a lost connection is made again for everybody', async () => {
  const [one, other] = [listenTo('one'), listenTo('other')];
  await one.listener.start();
  await other.listener.start();
  await source.query(`SELECT pg_terminate_backend(pid) ${LISTENERS}`);
  await until('they are told', () => one.heard.length === 2 && other.heard.length === 2);
  await tell('one', 'a');
  await tell('other', 'b');
  await until('both hear again', () => one.heard.length === 3 && other.heard.length === 3);
  expect(one.heard).toEqual(['connected', 'connected', 'a']);
  expect(await connections()).toBe(1);
  await Promise.all([one.listener.stop(), other.listener.stop(), one.listener.stop()]);
  await until('nobody is left', async () => (await connections()) === 0);
});

test('who starts while there is no database listens once there is one', async () => {
  const url = new URL(database.url);
  url.pathname = '/not_there_yet';
  const heard: string[] = [];
  const onConnected = () => void heard.push('connected');
  const listener = new Listener(url.href, 'one', { onHint: () => {}, onConnected });
  await listener.start();
  expect(heard).toEqual([]);
  await source.query('CREATE DATABASE not_there_yet');
  await until('it listens', () => heard.length === 1);
  await listener.stop();
  await source.query('DROP DATABASE not_there_yet WITH (FORCE)');
});
