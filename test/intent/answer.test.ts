import { expect, test } from '@jest/globals';
import { answerTo } from '../../src/intent/answer.js';
import { ok, outcome, talk } from './talks.js';

const runCall = (id: string, inputs: object) => [
  'execute',
  { item_type: 'directive', action: 'run', item_id: id, parameters: { inputs } },
];
const confirm = { message: 'm', calls: [], text: 'Shall I run `drop` with `{"n":1}`? (yes or no)' };

test('a yes runs what was asked, anything else does not', () => {
  const said = (message: string) => outcome(() => answerTo(talk(message, [], [confirm])));
  expect(said('yes')).toEqual(runCall('drop', { n: 1 }));
  expect(said('no')).toBe('All right; nothing was started.');
  expect(said("don't")).toBe('All right; nothing was started.');
  expect(said('what is running?')).toMatchObject(['search', { item_type: 'execution' }]);
});

test('what is missing is filled in, and what is given stays', () => {
  const answer = ok({
    missing_inputs: ['n'],
    all_inputs: [{ name: 'n', type: 'integer', required: true }],
    provided_inputs: { a: 'x' },
  } as never);
  const call = {
    tool: 'execute',
    args: { item_type: 'directive', action: 'run', item_id: 'job' },
    answer,
  };
  const before = { message: 'm', calls: [call], text: '`job` needs one more input' };
  const said = (message: string) => outcome(() => answerTo(talk(message, [], [before])));
  expect(said('7')).toEqual(runCall('job', { a: 'x', n: 7 }));
  expect(said('seven')).toContain('I do not understand that as `n`.');
  expect(said('never mind')).toBe('All right; nothing was started.');
  expect(said('list directives')).toMatchObject(['search', { item_type: 'directive' }]);
});

test('nothing can be repeated where nothing was run; a destructive run is not repeated without a yes', () => {
  expect(outcome(() => answerTo(talk('again')))).toBe(
    'Nothing was run here yet. What shall I run?',
  );
  const search = {
    tool: 'search',
    args: {},
    answer: ok({ results: [{ id: 'drop', metadata: { destructive: true } }] } as never),
  };
  const run = {
    tool: 'execute',
    args: {
      item_type: 'directive',
      action: 'run',
      item_id: 'drop',
      parameters: { inputs: { n: 1 } },
    },
    answer: ok({ execution_id: 'r' }),
  };
  const before = { message: 'm', calls: [search, run], text: 'done' };
  expect(outcome(() => answerTo(talk('again', [], [before])))).toContain(
    'Shall I run `drop` with `{"n":1}`?',
  );
});

test('it says what it is', () => {
  expect(answerTo(talk('who are you?'))).toContain('rules, not a language model');
});
