import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MEANING_MODEL, modelFolder } from '../../src/platform/meaning/meaning-model.js';
import { StoredVectors } from '../../src/search/meaning/vector-store.js';
import { openSearch, type OpenedSearch } from '../../src/search/open-search.js';
import { until } from '../support/instance.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';
import { standIn } from './meaning/stand-in.js';

const items = [{ name: 'silent' }, { name: 'zzzz' }];
const text = ({ name }: { name: string }) => ({ title: name, text: '', meaning: name });
const cacheDir = mkdtempSync(join(tmpdir(), 'mission-search-'));
const model = standIn();
const opened: OpenedSearch[] = [];
let database: TestDatabase;

function open(meaning: 'auto' | 'off' = 'auto') {
  const logger = { warn: () => undefined };
  const search = openSearch({ dataSource: database.source, meaning, logger, cacheDir });
  opened.push(search);
  return async (query: string) => (await search.search.search('x', items, text, query))[0];
}
const asked = () =>
  readFileSync(join(modelFolder(cacheDir), 'asked'), 'utf8')
    .trim()
    .split('\n');

beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(async () => {
  opened.forEach(({ close }) => close());
  await database?.close();
  model.remove();
  rmSync(cacheDir, { recursive: true });
});

test('by text until there is a model, then by meaning; a second process computes nothing again', async () => {
  const find = open();
  expect(await find('listen')).toBeUndefined();
  mkdirSync(modelFolder(cacheDir));
  writeFileSync(
    join(modelFolder(cacheDir), 'ready.json'),
    JSON.stringify({ python: model.python }),
  );
  // Of the same letters, so of the same meaning for this model.
  const hit = await until('the model is used', () => find('listen'));
  expect([hit.item.name, hit.match]).toEqual(['silent', { words: 0, meaning: 1 }]);
  expect(asked().sort()).toEqual(['listen', 'silent', 'zzzz']);

  const other = open();
  await until('the second one is ready', () => other('tinsel'));
  expect(asked().sort()).toEqual(['listen', 'silent', 'tinsel', 'zzzz']);
  expect(await open('off')('listen')).toBeUndefined();
});

test('vectors that nobody used for long are forgotten; reading one counts as use', async () => {
  const store = new StoredVectors(database.source, MEANING_MODEL);
  const count = async () =>
    Number((await database.source.query('SELECT count(*) FROM text_vectors'))[0].count);
  const age = () =>
    database.source.query(`UPDATE text_vectors SET used_at = now() - interval '40 days'`);
  const all: { hash: string }[] = await database.source.query(
    `SELECT encode(hash, 'hex') AS hash FROM text_vectors`,
  );
  await age();
  await store.read([all[0]!.hash]);
  await store.forget(30);
  expect(await count()).toBe(1);
});
