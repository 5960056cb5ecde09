import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerText, textDelta } from '../../src/contracts/thread.js';

test('the text of an answer is that of its pieces, however they are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (pieces) => {
      expect(answerText(pieces.map(textDelta))).toBe(pieces.join(''));
    }),
  );
});

test('a reset replaces what was said before it', () => {
  const reset = { type: 'attempt_reset', data: { text: 'kept ' } } as const;
  expect(answerText([textDelta('kept '), textDelta('lost'), reset, textDelta('new')])).toBe(
    'kept new',
  );
});
