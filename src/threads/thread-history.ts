import type { DataSource } from 'typeorm';
import type { ThreadPlace } from '../contracts/thread.js';

/** A message of the conversation before the present one. */
export interface EarlierMessage {
  id: string;
  seq: number;
  speaker: string;
  content: string;
  /** The run that answered it, whose journal has its turns; null where there was none. */
  run_id: string | null;
  /** The answer as it was streamed; null where there was none. */
  reply: string | null;
}

/** Number of earlier messages that a turn reads. */
const MOST = 12;

const BEFORE = `SELECT m.id, m.seq, m.speaker, m.content, m.run_id, r.content AS reply
  FROM thread_messages m LEFT JOIN thread_messages r ON r.reply_to = m.id
  WHERE m.thread_id = $1 AND m.role = 'user' AND m.status IN ('done', 'error', 'cancelled')
    AND m.seq < (SELECT seq FROM thread_messages WHERE id = $2)
  ORDER BY m.seq DESC LIMIT ${MOST}`;

/** What a turn reads of a conversation. */
export interface ThreadContext {
  earlier: EarlierMessage[];
  /** The message to answer. */
  message: string;
}

/** Reads what was said in threads. */
export class ThreadHistory {
  constructor(private readonly dataSource: DataSource) {}

  async before({ id, message_id }: ThreadPlace): Promise<ThreadContext> {
    const earlier = await this.dataSource.query<EarlierMessage[]>(BEFORE, [id, message_id]);
    const [message] = await this.dataSource.query<{ content: string }[]>(
      'SELECT content FROM thread_messages WHERE id = $1',
      [message_id],
    );
    return { earlier: earlier.reverse(), message: message?.content ?? '' };
  }
}
