import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../../src/contracts/json/json.js';
import type { PlanStep } from '../../../../src/contracts/plan.js';
import { MAX_STATUS_LENGTH } from '../../../../src/contracts/run/ref.js';
import { Block } from '../../../../src/language/run/state/block.js';

const step = (name: string, kind = 'set') => ({ name, kind }) as PlanStep;
const finished = (block: Block, name: string, result: Json, kind?: string) =>
  block.finish(step(name, kind), { status: 'done', result });
const everything = () => true;
const LONG = 'x'.repeat(MAX_STATUS_LENGTH + 1);

describe('a name', () => {
  it('is null where the innermost provider says null', () => {
    const outer = new Block(undefined, { item: 'outer' });
    finished(outer, 'first', { field: 'outer' });
    const inner = new Block(outer, { item: null });
    finished(inner, 'second', { field: null });
    expect(inner.lookup('item')).toBeNull();
    expect(inner.lookup('field')).toBeNull();
    expect(inner.lookup('other')).toBeUndefined();
  });

  it('of a count is 0 after a loop, and unknown without one', () => {
    const outer = new Block();
    const inner = new Block(outer);
    expect(inner.lookup('odd_count')).toBeUndefined();
    finished(outer, 'loop', { items: [] }, 'foreach');
    expect(inner.lookup('odd_count')).toBe(0);
  });
});

it('is the same after a journey as a snapshot', () => {
  const outer = new Block(undefined, { item: 1, index: 0 });
  finished(outer, 'first', { field: 'outer', only: true });
  const inner = new Block(outer, { item: null });
  finished(inner, 'second', { field: 'inner' });
  const restored = Block.restore(inner.snapshot());
  for (const name of ['item', 'index', 'field', 'only', 'result', 'steps', 'other']) {
    expect([name, restored.lookup(name)]).toEqual([name, inner.lookup(name)]);
  }
});

describe('a finished step', () => {
  it('is the result, and has its own name; a repeated one is the newest', () => {
    const block = new Block();
    finished(block, 'first', { field: 1 });
    finished(block, 'second', { field: 2 });
    finished(block, 'first', { field: 3 });
    expect(block.lookup('result')).toEqual({ field: 3 });
    expect(block.lookup('field')).toBe(3);
    expect(block.lookup('steps')).toEqual({ first: { field: 3 }, second: { field: 2 } });
  });

  it('that was skipped changes nothing but what was named inside it', () => {
    const block = new Block();
    finished(block, 'first', 'kept');
    const named = { inner: 'named' };
    block.finish(step('second'), { status: 'done', result: null, skipped: true, named });
    expect(block.lookup('result')).toBe('kept');
    expect(block.lookup('steps')).toEqual({ first: 'kept', inner: 'named' });
  });

  it('hides no field of an earlier one by a name of objects that it does not have', () => {
    const block = new Block();
    finished(block, 'first', JSON.parse('{"__proto__": "data", "constructor": "own"}') as Json);
    finished(block, 'second', {});
    expect(block.lookup('constructor')).toBe('own');
    expect(block.lookup('__proto__')).toBe('data');
    expect(block.lookup('toString')).toBeUndefined();
  });
});

describe('the outcome of a block', () => {
  it('is nothing when none of its steps ran', () => {
    const outer = new Block();
    finished(outer, 'first', 'outside');
    const inner = new Block(outer);
    expect(inner.lookup('result')).toBe('outside');
    expect(inner.outcome(everything)).toEqual({ status: 'done', result: null, skipped: true });
  });

  it('is its last result, what is read of its names, and whether a loop ran', () => {
    const block = new Block();
    finished(block, 'read', 1);
    finished(block, 'unread', 2);
    finished(block, 'loop', { items: [] }, 'foreach');
    expect(block.outcome((name) => name === 'read')).toEqual({
      status: 'done',
      result: { items: [] },
      named: { read: 1 },
      looped: true,
    });
  });

  it.each([
    [{ status: 'odd' }, 'odd'],
    [{ status: '' }, undefined],
    [{ status: LONG }, undefined],
    [{ status: 7 }, undefined],
    ['odd', undefined],
  ])('has the status that counts in a loop (%#)', (result, word) => {
    const block = new Block();
    finished(block, 'call', result, 'script');
    expect(block.outcome(everything).word).toBe(word);
  });
});

it('goes on as the last time left it', () => {
  const outer = new Block(undefined, { item: 1 });
  const first = new Block(outer);
  finished(first, 'call', { field: 'left' });
  const state = JSON.parse(JSON.stringify(first.state())) as ReturnType<Block['state']>;
  const next = Block.resume(outer, state);
  expect(next.lookup('field')).toBe('left');
  expect(next.lookup('item')).toBe(1);
  expect(next.outcome(everything)).toEqual(first.outcome(everything));
  expect(Block.resume(outer, null).outcome(everything)).toMatchObject({ skipped: true });
});
