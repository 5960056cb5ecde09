import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../../src/contracts/json/json.js';
import type { PlanStep } from '../../../../src/contracts/plan.js';
import { Block } from '../../../../src/language/run/state/block.js';

const step = (name: string, kind = 'set') => ({ name, kind }) as PlanStep;
const finished = (block: Block, name: string, result: Json, kind?: string) =>
  block.finish(step(name, kind), { status: 'done', result });

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
