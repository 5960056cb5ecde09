import type { DataSource } from 'typeorm';
import type { StepError } from '../contracts/errors.js';
import type { ThreadMessageStatus } from '../contracts/thread.js';
import type { ThreadFeed } from './events/thread-feed.js';
import type { PostedMessage } from './thread-messages.js';

/** The answer to a message. */
export interface ThreadAnswer {
  status: ThreadMessageStatus;
  content: string;
  execution_id: string | null;
  error: StepError | null;
  tokens_used: number;
  duration_ms: number;
}

const ANSWER = `SELECT status, content, run_id AS execution_id, error, tokens AS tokens_used, duration_ms
  FROM thread_messages WHERE reply_to = $1`;

/** The answer to a message; null while there is none. */
export async function answerOf(
  dataSource: DataSource,
  messageId: string,
): Promise<ThreadAnswer | null> {
  const [answer] = await dataSource.query<ThreadAnswer[]>(ANSWER, [messageId]);
  return answer ?? null;
}

/** Waits for answers. */
export class ThreadAnswers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: Pick<ThreadFeed, 'follow'>,
  ) {}

  /** The answer to a message; null when it has not ended within `ms`, or the wait was aborted. The answer goes on then. */
  async wait(
    { thread_id, message_id, after }: PostedMessage,
    ms: number,
    signal?: AbortSignal,
  ): Promise<ThreadAnswer | null> {
    const events = this.feed.follow(thread_id, after);
    const giveUp = () => events.close();
    const timer = setTimeout(giveUp, ms);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      for await (const event of events)
        if (event.message_id === message_id && event.type === 'message_stop') break;
      return await answerOf(this.dataSource, message_id);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    }
  }
}
