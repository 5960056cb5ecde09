import { expect, test } from '@jest/globals';
import { extractMemory } from '../../../src/threads/memory/extract-memory.js';

const said = (id: string, content: string, role = 'user') => ({ id, role, content });

test('a memory without a model has what was asked, what ran, and what was known before', () => {
  const first = extractMemory(
    undefined,
    [said('m1', 'run the month total\nplease'), said('m2', 'It ran.', 'assistant')],
    [
      {
        directive: 'month_total',
        status: 'success',
        inputs: { month: '2026-02' },
        message_id: 'm1',
      },
    ],
  );
  expect(first).toEqual({
    summary: 'asked: run the month total',
    facts: [
      {
        kind: 'fact',
        text: 'month_total ran with {"month":"2026-02"}: success',
        message_ids: ['m1'],
      },
    ],
  });
  const second = extractMemory(first, [said('m3', 'x'.repeat(500))], []);
  expect(second.summary.split('\n')).toEqual([
    'asked: run the month total',
    `asked: ${'x'.repeat(80)}…`,
  ]);
  expect(second.facts).toEqual(first.facts);
});

test('it stays small, however long a conversation is', () => {
  let memory = extractMemory(undefined, [], []);
  for (let round = 0; round < 50; round += 1)
    memory = extractMemory(
      memory,
      [said(`m${round}`, `question ${round}`)],
      [{ directive: 'd', status: 'error', inputs: {}, message_id: `m${round}` }],
    );
  expect(memory.summary.split('\n')).toHaveLength(30);
  expect(memory.summary).toContain('question 49');
  expect(memory.facts).toHaveLength(30);
});
