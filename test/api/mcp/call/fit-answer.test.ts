import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitAnswer, partOf } from '../../../../src/api/mcp/call/fit-answer.js';
import {
  errorResult,
  MAX_RESULT_BYTES,
  toolResult,
} from '../../../../src/api/mcp/call/tool-result.js';

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const LARGE = 'x'.repeat(MAX_RESULT_BYTES);

test('an answer that fits is unchanged', () => {
  const answer = { status: 'success', result: 'x' };
  expect(fitAnswer(answer)).toBe(answer);
});

test('a large answer keeps its small fields and says how to read the rest', () => {
  const next = { verb: 'load', item_type: 'execution', item_id: 'a', part: 1 };
  const fitted = fitAnswer({ status: 'success', execution_id: 'a', result: LARGE }, next);
  expect(fitted).toMatchObject({
    status: 'success',
    execution_id: 'a',
    left_out: ['result'],
    next,
  });
  expect(bytes(fitted)).toBeLessThan(MAX_RESULT_BYTES);
});

test('a large page loses its last results and says how many', () => {
  const results = Array.from({ length: 100 }, (_, id) => ({ id, preview: 'y'.repeat(1_000) }));
  const fitted: any = fitAnswer({ results, total: 100 });
  expect(bytes(fitted)).toBeLessThanOrEqual(MAX_RESULT_BYTES);
  expect(fitted.results.map(({ id }: any) => id)).toEqual(
    fitted.results.map((_: any, index: number) => index),
  );
  expect(fitted.note).toContain(`${100 - fitted.results.length} results did not fit`);
});

test('the parts of any answer are bounded and joined are the whole', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.integer({ min: 1, max: 400 }),
      (unit, times) => {
        const answer = { item_id: 'a', item_type: 'execution', result: unit.repeat(times) };
        const { parts } = partOf(answer, 1) as { parts: number };
        const all = Array.from({ length: parts }, (_, index) => partOf(answer, index + 1));
        for (const part of all) expect(bytes(part)).toBeLessThan(MAX_RESULT_BYTES * 1.2);
        expect(JSON.parse(all.map(({ json }) => json).join(''))).toEqual(answer);
        expect(all.at(-1)).not.toHaveProperty('next');
      },
    ),
    { numRuns: 50 },
  );
});

test('a result says the same in its text and its structure; an error is bounded', () => {
  expect(JSON.parse((toolResult({ a: 1 }).content[0] as any).text)).toEqual({ a: 1 });
  const { content, isError } = errorResult({
    status: 400,
    code: 'c',
    message: LARGE,
    data: LARGE,
    correlation_id: 'i',
  });
  expect(isError).toBe(true);
  expect((content[0] as any).text.length).toBeLessThanOrEqual(MAX_RESULT_BYTES / 3);
});
