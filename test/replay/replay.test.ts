import { expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../support/engine.js';
import { HISTORIES, KINDS, readHistory } from './recording.js';

async function replay(history: ReturnType<typeof readHistory>): Promise<void> {
  const codePath = await workflowBundle();
  const options = { workflowBundle: { codePath }, workflowFailureErrorTypes: { '*': ['Error'] } };
  await Worker.runReplayHistory(options, history, 'replayed');
}

test('every kind of run has its history', () => {
  expect(HISTORIES).toEqual(expect.arrayContaining(KINDS));
});

test.each(HISTORIES)('a run that began with an earlier build goes on: %s', async (kind) => {
  await replay(readHistory(kind));
});

test('a history of other steps is refused', async () => {
  const other = readHistory('own-steps');
  const scheduled = other.events!.find((event) => event.activityTaskScheduledEventAttributes);
  scheduled!.activityTaskScheduledEventAttributes!.activityType!.name = 'hasty';
  await expect(replay(other)).rejects.toThrow('hasty');
});
