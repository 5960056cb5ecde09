import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { answerOf, type ThreadAnswer } from './thread-answers.js';
import type { PostedMessage } from './thread-messages.js';

const POLL_MS = 200;

/** Waits for answers by asking the database: for processes that follow no feed. */
export class PolledAnswers {
  constructor(private readonly dataSource: DataSource) {}

  /** The answer to a message; null when it has not ended within `ms`, or the wait was aborted. */
  async wait(
    { message_id }: PostedMessage,
    ms: number,
    signal?: AbortSignal,
  ): Promise<ThreadAnswer | null> {
    for (const until = Date.now() + ms; ;) {
      const answer = await answerOf(this.dataSource, message_id);
      if (answer || signal?.aborted || Date.now() >= until) return answer;
      await sleep(POLL_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }
}
