import { describe, expect, test } from '@jest/globals';
import { Block } from '../../../src/language/run/state/block.js';
import { PayloadBudget, sizeOf } from '../../../src/workflows/engine/payload-budget.js';

const BOUNDS = { inline: 10_000, task: 40_000, scope: 20_000, small: 500 };
const lanes = (parallel: number) => new Block(undefined, {}, parallel);

describe('a value stays inline', () => {
  test('up to the bound of one value', () => {
    expect(new PayloadBudget(BOUNDS).inlineBytes(lanes(1))).toBe(10_000);
  });

  test('as long as those of all lanes fit into one task', () => {
    expect(new PayloadBudget(BOUNDS).inlineBytes(lanes(8))).toBe(5_000);
  });

  test('when it is small, once much has come back', () => {
    const budget = new PayloadBudget(BOUNDS);
    budget.countActivityResult(20_000);
    expect(budget.inlineBytes(lanes(1))).toBe(10_000);
    budget.countActivityResult(1);
    expect(budget.inlineBytes(lanes(1))).toBe(500);
  });
});

test('a segment has room for some records, however many lanes there are', () => {
  const budget = new PayloadBudget(BOUNDS);
  expect(budget.roomBytes(lanes(4))).toBe(10_000);
  expect(budget.roomBytes(lanes(1_000))).toBe(1_024);
});

test('only results of local activities fill a task, and the next task is empty', () => {
  const budget = new PayloadBudget(BOUNDS);
  budget.countActivityResult(100_000);
  budget.countResult(40_000);
  expect(budget.isTaskFull).toBe(false);
  budget.countResult(1);
  expect(budget.isTaskFull).toBe(true);
  budget.beginTask();
  expect(budget.isTaskFull).toBe(false);
});

test('a run begins with a quarter of what one message of the engine may hold', () => {
  const { bounds } = new PayloadBudget();
  expect(bounds).toEqual({ inline: 131_072, task: 1_048_576, scope: 1_048_576, small: 8_192 });
});

test.each([
  [{ a: [1, 'é'] }, 13],
  [null, 4],
  [undefined, 0],
])('the size of %j is %i', (value, size) => expect(sizeOf(value)).toBe(size));
