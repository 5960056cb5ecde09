import type { DataSource } from 'typeorm';
import type { MemoryStrategy, ThreadPlace } from '../contracts/thread.js';
import { TextIndex } from '../search/text-index.js';
import { memoryText } from './memory/memory.js';
import { latestMemory } from './memory/thread-memory.js';

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
/** Number of earlier messages among which those on the same topic are looked for, and that of those taken. */
const CANDIDATES = 200;
const ON_TOPIC = 6;

const BEFORE = `SELECT m.id, m.seq, m.speaker, m.content, m.run_id, r.content AS reply
  FROM thread_messages m LEFT JOIN thread_messages r ON r.reply_to = m.id
  WHERE m.thread_id = $1 AND m.role = 'user' AND m.status IN ('done', 'error', 'cancelled')
    AND m.seq < (SELECT seq FROM thread_messages WHERE id = $2) AND m.seq > $3
  ORDER BY m.seq DESC LIMIT $4`;
const NOW = `SELECT m.content, t.memory FROM thread_messages m JOIN threads t ON t.id = m.thread_id WHERE m.id = $1`;

/** What a turn reads of a conversation. */
export interface ThreadContext {
  earlier: EarlierMessage[];
  /** What is remembered of the messages before those; empty when it is nothing. */
  memory: string;
  /** The message to answer. */
  message: string;
}

/** Reads what was said in threads. */
export class ThreadHistory {
  constructor(private readonly dataSource: DataSource) {}

  async before(place: ThreadPlace): Promise<ThreadContext> {
    const [now] = await this.dataSource.query<{ content: string; memory: MemoryStrategy }[]>(NOW, [
      place.message_id,
    ]);
    const message = now?.content ?? '';
    const strategy = now?.memory ?? 'sliding_window';
    if (strategy === 'topic_pruning')
      return { message, memory: '', earlier: await this.onTopic(place, message) };
    const memory =
      strategy === 'sliding_window' ? undefined : await latestMemory(this.dataSource, place.id);
    // A memory may be younger than the message, when a turn is repeated; the last messages are read in any case.
    const earlier = await this.messages(place, memory?.upto_seq ?? 0, MOST);
    return { message, memory: memory ? memoryText(memory, strategy) : '', earlier };
  }

  /** The last messages, and of those before them the ones that share words with the present one. */
  private async onTopic(place: ThreadPlace, message: string): Promise<EarlierMessage[]> {
    const all = await this.messages(place, 0, CANDIDATES);
    const last = all.slice(-MOST / 2);
    const items = all
      .slice(0, -MOST / 2)
      .map((each) => ({ title: each.content, text: each.reply ?? '', each }));
    const hits = new TextIndex(items).search(message).slice(0, ON_TOPIC);
    const found = hits.map(({ item }) => item.each).sort((a, b) => a.seq - b.seq);
    return [...found, ...last];
  }

  private async messages(
    { id, message_id }: ThreadPlace,
    after: number,
    most: number,
  ): Promise<EarlierMessage[]> {
    const rows = await this.dataSource.query<EarlierMessage[]>(BEFORE, [
      id,
      message_id,
      after,
      most,
    ]);
    return rows.reverse();
  }
}
