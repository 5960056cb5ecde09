import { expect, test } from '@jest/globals';
import { Meaning } from '../../../src/search/meaning/meaning.js';
import { DIMENSIONS, textHash, type Vector } from '../../../src/search/meaning/vector.js';
import { until } from '../../support/instance.js';

const vector = (first: number): Vector => new Float32Array(DIMENSIONS).fill(first, 0, 1);
const texts = (count: number) => Array.from({ length: count }, (_, at) => `text ${at}`);

/** Meaning over an embedder and a store in memory, both of which can be made to fail. */
function over({ patienceMs = 10_000 } = {}) {
  const asked: string[] = [];
  const stored = new Map<string, Vector>();
  const state = { isReady: true, hang: false, fail: false, release: () => {} };
  const meaning = new Meaning({
    patienceMs,
    embedder: {
      ready: async () => state.isReady,
      async embed(text) {
        asked.push(text);
        if (state.hang) await new Promise<void>((resolve) => (state.release = resolve));
        return state.isReady ? vector(text.length) : undefined;
      },
    },
    store: {
      async read(hashes) {
        if (state.fail) throw new Error('no database');
        return new Map(
          hashes.flatMap((hash) => (stored.has(hash) ? [[hash, stored.get(hash)!]] : [])),
        );
      },
      async write(vectors) {
        if (state.fail) throw new Error('no database');
        for (const [hash, each] of vectors) stored.set(hash, each);
      },
    },
  });
  return { meaning, asked, stored, state };
}

test('what is computed once is kept, in memory and in the store', async () => {
  const { meaning, asked, stored } = over();
  const first = await meaning.compare('query', ['a', 'bb', 'a']);
  expect([first!.query[0], first!.texts.map(([each]) => each)]).toEqual([5, [1, 2, 1]]);
  await meaning.compare('query', ['a', 'bb']);
  expect(asked.sort()).toEqual(['a', 'bb', 'query']);
  expect([...stored.keys()].sort()).toEqual(['a', 'bb'].map(textHash).sort());
});

test('what another process stored is not computed again', async () => {
  const { meaning, asked, stored } = over();
  stored.set(textHash('known'), vector(7));
  expect((await meaning.compare('q', ['known']))!.texts[0]![0]).toBe(7);
  expect(asked).toEqual(['q']);
});

test('many new texts are learnt in the background, and a later search finds them', async () => {
  const { meaning, asked } = over();
  const many = texts(100);
  expect(await meaning.compare('q', many)).toBeUndefined();
  await until('all are learnt', async () => (await meaning.compare('q', many)) !== undefined);
  expect(asked).toHaveLength(101);
});

test('a search does not wait for a process that hangs, and the next ones do not even ask', async () => {
  const { meaning, asked, state } = over({ patienceMs: 20 });
  state.hang = true;
  expect(await meaning.compare('one', [])).toBeUndefined();
  expect(await meaning.compare('two', [])).toBeUndefined();
  expect(asked).toEqual(['one']);
  state.hang = false;
  state.release();
  await until('it answers again', async () => (await meaning.compare('three', [])) !== undefined);
});

test('without a process, and with a store that fails, there is no answer, and no error', async () => {
  const { meaning, state } = over();
  state.fail = true;
  expect(await meaning.compare('q', ['a'])).toBeUndefined();
  state.fail = false;
  expect(await meaning.compare('q', ['a'])).toBeDefined();
  state.isReady = false;
  expect(await meaning.compare('q', ['a'])).toBeUndefined();
});

test('among very many texts the search is by text', async () => {
  const { meaning, asked } = over();
  expect(await meaning.compare('q', texts(20_001))).toBeUndefined();
  expect(asked).toEqual([]);
});
