import { expect, test } from '@jest/globals';
import { GrowingText } from '../../../src/api/openai/chunks.js';
import { helperAnswer } from '../../../src/api/openai/helper-task.js';
import { textDelta } from '../../../src/contracts/thread.js';

const reset = (text: string) => ({ type: 'attempt_reset' as const, data: { text } });

test('a repeated turn is told once, as far as it is the same', () => {
  const text = new GrowingText();
  const events = [
    textDelta('Hello '),
    textDelta('wor'),
    reset('Hello '),
    textDelta('wo'),
    textDelta('rld.'),
  ];
  expect(events.map((event) => text.add(event))).toEqual(['Hello ', 'wor', '', '', 'ld.']);
});

test('an answer that differs is told whole', () => {
  const text = new GrowingText();
  const events = [textDelta('Wrong'), reset(''), textDelta('Right')];
  expect(events.map((event) => text.add(event)).join('|')).toBe('Wrong||\n\nRight');
});

test('hidden requests of chat clients are told from what people write', () => {
  const history = '<chat_history>\nUSER: Deploy it\nASSISTANT: Done\n</chat_history>';
  const title = helperAnswer(`### Task:\nWrite a title.\n${history}`);
  expect(JSON.parse(title!)).toEqual({ title: 'Deploy it' });
  expect(JSON.parse(helperAnswer(`### Task:\nGenerate tags.\n${history}`)!)).toEqual({
    tags: ['General'],
  });
  expect(JSON.parse(helperAnswer(`### Task:\nSuggest follow_ups.\n${history}`)!)).toEqual({
    follow_ups: [],
  });
  expect(helperAnswer('### Task: write the report')).toBeUndefined();
  expect(helperAnswer(`Please explain ${history}`)).toBeUndefined();
});
