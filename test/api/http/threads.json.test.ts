import { expect, test } from '@jest/globals';
import { toAnswerJson } from '../../../src/api/http/threads.json.js';

const posted = { thread_id: 't', message_id: 'm', seq: 1, after: 0 };
const answer = {
  status: 'done' as const,
  content: 'Hello.',
  execution_id: 'r',
  error: null,
  tokens_used: 3,
  duration_ms: 5,
};

test('an answer has its text at the top, beside its data', () => {
  expect(toAnswerJson(posted, answer)).toEqual({
    success: true,
    response: 'Hello.',
    data: {
      thread_id: 't',
      message_id: 'm',
      execution_id: 'r',
      status: 'done',
      response: 'Hello.',
    },
    error: null,
    metadata: { tokens_used: 3, duration_ms: 5 },
  });
});

test('the error is a text; an answer that is not there yet is none', () => {
  const error = { code: 'model_error', message: 'The model is away.' };
  const failed = toAnswerJson(posted, { ...answer, status: 'error', error });
  expect(failed).toMatchObject({ success: false, error: 'The model is away.' });
  const cancelled = toAnswerJson(posted, { ...answer, status: 'cancelled' });
  expect(cancelled).toMatchObject({ success: false, error: 'The answer was cancelled.' });
  expect(toAnswerJson(posted, null)).toMatchObject({
    success: true,
    response: '',
    data: { status: 'running' },
    error: null,
  });
});
