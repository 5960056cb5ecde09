import { expect, test } from '@jest/globals';
import { explain, find, status, stop, system } from '../../src/intent/questions.js';
import { failed, ok, outcome, talk } from './talks.js';

const call = (answer: ReturnType<typeof ok>, tool = 'search') => ({ tool, args: {}, answer });
const RUN = {
  id: 'deadbeef-1',
  metadata: {
    directive: 'job',
    status: 'error',
    started_at: '2026-12-01T02:00:00Z',
    error: { message: 'full' },
  },
};

test('a list has numbers, and says how many more there are', () => {
  const results = [
    { id: 'a', metadata: { description: 'A thing' } },
    { id: 'b', preview: 'B' },
  ];
  const answer = call(ok({ results, total: 12 } as never));
  expect(outcome(() => find(talk('x', [answer]), 'directive', ''))).toBe(
    '12 directives:\n1. `a`: A thing\n2. `b`: B\n(10 more)',
  );
  const none = call(ok({ results: [], total: 0 }));
  expect(outcome(() => find(talk('x', [none]), 'tool', 'cats'))).toBe(
    'I find no tools for "cats".',
  );
  expect(outcome(() => find(talk('x', [call(failed('x', 'down'))]), 'tool', ''))).toBe(
    'I cannot search: down',
  );
});

test('a directive is explained with its inputs; what is none, by the topic', () => {
  const inputs = { n: { type: 'integer', required: true, description: 'How many' } };
  const results = [
    {
      id: 'job',
      type: 'directive',
      score: 1,
      metadata: { description: 'Does it', inputs, destructive: true },
    },
  ];
  const text = outcome(() => explain(talk('x', [call(ok({ results } as never))]), 'job'));
  expect(text).toBe(
    '`job`: Does it\nInputs:\n- `n` (integer): How many\nIt may delete or overwrite something, so I ask before I run it.\nRun it with: run job with n=…',
  );
  const nothing = call(ok({ results: [] }));
  expect(outcome(() => explain(talk('x', [nothing]), 'search'))).toEqual([
    'help',
    { topic: 'search' },
  ]);
});

test('runs are told, with why they failed', () => {
  const found = call(ok({ results: [RUN], total: 1 } as never));
  const wish = { kind: 'status', about: '', failed: true, why: false } as const;
  expect(outcome(() => status(talk('x', [found]), wish, undefined))).toBe(
    '1 run failed:\n1. `deadbeef` job error, 2026-12-01 02:00: full',
  );
  const loaded = call(
    ok({
      metadata: { directive: 'job', status: 'error' },
      error: { message: 'full', step: 's' },
    } as never),
    'load',
  );
  const why = { ...wish, why: true };
  expect(outcome(() => status(talk('x', [found, loaded]), why, undefined))).toBe(
    '`job` (run deadbeef) failed in step `s`: full',
  );
  expect(outcome(() => status(talk('x', []), why, 'abc'))).toEqual([
    'load',
    { item_type: 'execution', item_id: 'abc' },
  ]);
  const none = call(ok({ results: [], total: 0 }));
  expect(outcome(() => status(talk('x', [none]), wish, undefined))).toBe('Nothing failed.');
});

test('what is stopped is the run that was spoken of, or the only one that fits', () => {
  expect(outcome(() => stop(talk('x'), 'that', 'abc'))).toEqual([
    'execute',
    { item_type: 'execution', action: 'cancel', item_id: 'abc' },
  ]);
  const two = call(ok({ results: [RUN, RUN], total: 2 } as never));
  expect(outcome(() => stop(talk('x', [two]), 'the job', undefined))).toMatch(
    /^Which one do you mean\?/,
  );
  const none = call(ok({ results: [], total: 0 }));
  expect(outcome(() => stop(talk('x', [none]), '', undefined))).toBe('Nothing is running.');
});

test('facts of the machine are shown as lines', () => {
  const data = call(ok({ data: { platform: 'linux' } }), 'execute');
  expect(outcome(() => system(talk('x', [data]), 'runtime'))).toBe('- platform: linux');
});
