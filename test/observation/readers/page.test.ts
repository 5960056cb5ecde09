import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  countBehind,
  type Page,
  pageOf,
  rankedPageOf,
  readPage,
} from '../../../src/observation/readers/page.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

const TIE = new Date('2026-01-01T00:00:00.123Z');
const SOURCE = {
  table: 'alerts',
  keys: [
    { column: 'created_at', type: 'timestamptz' },
    { column: 'id', type: 'uuid' },
  ],
};
interface Alert {
  id: string;
  subject: string;
}

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await insert('all', 45);
}, 120_000);
afterAll(() => database?.close());

/** Several rows of each moment: the last key decides between them. */
async function insert(subject: string, count: number): Promise<void> {
  await database.source.query(
    `INSERT INTO alerts (kind, severity, message, subject, created_at)
     SELECT 'k', 'info', 'm', $1, $2::timestamptz + (n / 4) * interval '1 microsecond' FROM generate_series(1, $3::int) AS n`,
    [subject, TIE, count],
  );
}

const read = (subject: string, first?: number | null, after?: string | null) =>
  readPage<Alert>(database.source, SOURCE, [['subject = ?', subject]], { first, after } as never);

async function readAll(subject: string, first: number, between = async () => {}) {
  const ids: string[] = [];
  for (let after: string | null = null; ; await between()) {
    const { items, hasNextPage } = await read(subject, first, after);
    ids.push(...items.map(({ node }) => node.id));
    if (!hasNextPage) return ids;
    after = items.at(-1)!.cursor;
  }
}

const inOrder = async (subject: string) =>
  (
    await database.source.query<Alert[]>(
      'SELECT id FROM alerts WHERE subject = $1 ORDER BY created_at DESC, id DESC',
      [subject],
    )
  ).map(({ id }) => id);

test('pages of any length meet each row once, newest first', async () => {
  const ids = await inOrder('all');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 50 }), async (first) => {
      expect(await readAll('all', first)).toEqual(ids);
    }),
    { numRuns: 12 },
  );
});

test('rows that come meanwhile change no later page', async () => {
  await insert('moving', 10);
  const ids = await inOrder('moving');
  const newer = `INSERT INTO alerts (kind, severity, message, subject) VALUES ('k', 'info', 'm', 'moving')`;
  const met = await readAll('moving', 3, async () => void (await database.source.query(newer)));
  expect(met).toEqual(ids);
});

test('a page has 20 rows where nothing is said, and tells whether there are more', async () => {
  const { items, hasNextPage } = await read('all', null, null);
  expect([items.length, hasNextPage]).toEqual([20, true]);
  expect(await read('nothing')).toEqual({ items: [], hasNextPage: false });
  expect((await read('all', 45)).hasNextPage).toBe(false);
});

test('what lies behind a cursor can be counted', async () => {
  const { items } = await read('all', 10);
  const count = (after: string | null) =>
    countBehind(database.source, SOURCE, [['subject = ?', 'all']], after);
  expect([await count(null), await count(items.at(-1)!.cursor)]).toEqual([45, 35]);
});

describe('a bad request is the client’s fault:', () => {
  const invalid = expect.objectContaining({ code: 'input_invalid' });

  test.each([0, -1, 101, 1.5, NaN])('first: %s', async (first) => {
    await expect(read('all', first)).rejects.toEqual(invalid);
  });

  test('any text as a cursor', async () => {
    const forged = fc.array(fc.string()).map((values) => {
      const text = JSON.stringify(values);
      return Buffer.from(text).toString('base64url');
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ minLength: 1 }), forged), async (after) => {
        await expect(read('all', 1, after)).rejects.toEqual(invalid);
        await expect(countBehind(database.source, SOURCE, [], after)).rejects.toEqual(invalid);
      }),
      { numRuns: 60 },
    );
  });
});

test('a value of a condition is never SQL', async () => {
  expect((await read(`x' OR '1' = '1`)).items).toEqual([]);
});

test('a list in memory has pages, too', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 10 }), (all, first) => {
      const sorted = [...all].sort();
      const met: string[] = [];
      for (let after: string | null = null; ;) {
        const page: Page<string> = pageOf(sorted, (name) => name, { first, after });
        met.push(...page.items.map(({ node }) => node));
        if (!page.hasNextPage) break;
        after = page.items.at(-1)!.cursor;
      }
      expect(met).toEqual(sorted);
    }),
  );
});

test('a ranked list has pages in its own order, and goes on where an item is gone', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 30 });
  const own = (name: string) => name;
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 10 }), (all, first) => {
      const met: string[] = [];
      for (let after: string | null = null; ;) {
        const page: Page<string> = rankedPageOf(all, own, { first, after });
        met.push(...page.items.map(({ node }) => node));
        if (!page.hasNextPage) break;
        after = page.items.at(-1)!.cursor;
      }
      expect(met).toEqual(all);
    }),
  );
  const after = rankedPageOf(['c', 'a', 'b'], own, { first: 2 }).items[1]!.cursor;
  const next = (all: string[]) => rankedPageOf(all, own, { after }).items.map(({ node }) => node);
  expect([next(['c', 'a', 'b']), next(['c', 'b']), next(['new', 'c', 'a', 'b'])]).toEqual([
    ['b'],
    ['b'],
    ['b'],
  ]);
  expect(() => rankedPageOf(['a'], own, { after: 'forged' })).toThrow('not a cursor');
});
