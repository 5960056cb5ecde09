import { expect, test } from '@jest/globals';
import {
  knownDirective,
  lastExecution,
  lastList,
  lastRun,
  pendingIn,
} from '../../src/intent/memory.js';
import { ok } from './talks.js';

const NOW = { message: 'now', calls: [], text: '' };
const runOf = (value: object, inputs = {}) => ({
  tool: 'execute',
  args: { item_type: 'directive', action: 'run', item_id: 'job', parameters: { inputs } },
  answer: ok(value as never),
});

test('a question of ours waits for its answer', () => {
  const confirm = {
    message: 'm',
    calls: [],
    text: 'Shall I run `job` with `{"n":1}`? (yes or no)',
  };
  expect(pendingIn([confirm, NOW])).toEqual({ kind: 'confirm', id: 'job', inputs: { n: 1 } });
  const missing = {
    message: 'm',
    text: 'q',
    calls: [
      runOf({
        missing_inputs: ['n'],
        all_inputs: [{ name: 'n', type: 'integer' }],
        provided_inputs: { a: 1 },
      }),
    ],
  };
  expect(pendingIn([missing, NOW])).toMatchObject({
    kind: 'missing',
    id: 'job',
    provided: { a: 1 },
    missing: [{ name: 'n', type: 'integer' }],
  });
  const choose = { message: 'send', calls: [], text: 'Which one do you mean?\n1. `a`: A\n2. `b`' };
  expect(pendingIn([choose, NOW])).toEqual({ kind: 'choose', ids: ['a', 'b'], request: 'send' });
  expect(pendingIn([confirm, { ...NOW, text: 'ok' }, NOW])).toBeUndefined();
  expect(pendingIn([NOW])).toBeUndefined();
});

test('what was done and shown last is remembered', () => {
  const search = {
    tool: 'search',
    args: {},
    answer: ok({ results: [{ id: 'job', metadata: { description: 'D' } }] } as never),
  };
  const before = {
    message: 'm',
    calls: [search, runOf({ execution_id: 'r1', status: 'success' }, { n: 2 })],
    text: '1. `x`\n2. `y`',
  };
  expect(lastRun([before, NOW])).toEqual({
    id: 'job',
    inputs: { n: 2 },
    executionId: 'r1',
    status: 'success',
  });
  expect(lastExecution([before, NOW])).toBe('r1');
  expect(lastList([before, NOW])).toEqual(['x', 'y']);
  expect(knownDirective([before, NOW], 'job')).toMatchObject({ description: 'D' });
  expect(knownDirective([before, NOW], 'other')).toBeUndefined();
});
