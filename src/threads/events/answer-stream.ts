import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  answerText,
  textDelta,
  type ThreadEvent,
  type ThreadPlace,
} from '../../contracts/thread.js';
import type { ThreadEventWriter } from './event-writer.js';

const CLAIM = 'UPDATE threads SET writer = $2 WHERE id = $1';
const EVENTS = `SELECT type, data FROM thread_events
  WHERE message_id = $1 AND type IN ('content_block_delta', 'attempt_reset') ORDER BY seq`;
/** The text of the answer before this turn, as its first attempt found it. */
const KEPT = `SELECT data->>'text' AS text FROM thread_events WHERE thread_id = $1 AND key = $2`;

/** What a turn is: its run, and its number in the conversation. */
export interface TurnOfAnswer {
  run_id: string;
  iteration: string;
}

/**
 * The text that one attempt of a turn adds to an answer. A second attempt of the turn takes back what the first one had
 * streamed; an attempt that was replaced can write no more.
 */
export class AnswerStream {
  private streamed = '';
  private writes: Promise<void> = Promise.resolve();
  private failed: unknown;

  private constructor(
    private readonly writer: ThreadEventWriter,
    private readonly place: ThreadPlace,
    private readonly token: string,
    /** The text of the answer before this turn. */
    private readonly kept: string,
  ) {}

  static async begin(
    dataSource: DataSource,
    writer: ThreadEventWriter,
    place: ThreadPlace,
    { run_id, iteration }: TurnOfAnswer,
  ): Promise<AnswerStream> {
    const token = randomUUID();
    await dataSource.query(CLAIM, [place.id, token]);
    const key = `turn:${run_id}:${iteration}`;
    const [begun] = await dataSource.query<{ text: string }[]>(KEPT, [place.id, key]);
    const rows: Pick<ThreadEvent, 'type' | 'data'>[] = await dataSource.query(EVENTS, [
      place.message_id,
    ]);
    const text = answerText(rows);
    const stream = new AnswerStream(writer, place, token, begun?.text ?? text);
    if (!begun) await stream.put({ type: 'turn_start', data: { text }, key });
    else if (begun.text !== text) await stream.reset();
    return stream;
  }

  /** Adds a piece of text. A failure is thrown by {@link end}. */
  text(piece: string): void {
    if (piece === '') return;
    const first = this.streamed === '' && this.kept !== '';
    this.streamed += piece;
    this.track(this.put(textDelta(first ? `\n\n${piece}` : piece)));
  }

  /** Takes back what this turn has streamed. */
  async reset(): Promise<void> {
    this.streamed = '';
    await this.put({ type: 'attempt_reset', data: { text: this.kept } });
  }

  /** Streams what is missing of the turn's whole text, and resolves when everything is committed. */
  async end(whole: string): Promise<void> {
    await this.writes;
    if (this.failed !== undefined) throw this.failed;
    if (!whole.startsWith(this.streamed)) await this.reset();
    this.text(whole.slice(this.streamed.length));
    await this.writes;
    if (this.failed !== undefined) throw this.failed;
  }

  private track(write: Promise<void>): void {
    const noted = write.catch((error: unknown) => void (this.failed ??= error));
    this.writes = this.writes.then(() => noted);
  }

  private put(event: Pick<ThreadEvent, 'type' | 'data'> & { key?: string }): Promise<void> {
    const { id: thread_id, message_id } = this.place;
    return this.writer.append({ thread_id, message_id, writer: this.token, ...event });
  }
}
