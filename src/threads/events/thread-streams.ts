import type { DataSource } from 'typeorm';
import type { Json } from '../../contracts/json/json.js';
import type { ThreadPlace } from '../../contracts/thread.js';
import { AnswerStream, type TurnOfAnswer } from './answer-stream.js';
import { ThreadEventWriter } from './event-writer.js';

/** Upper bound on the bytes of a tool's arguments or result in an event; the step's row has all of it. */
const MAX_BYTES = 16 * 1024;

/** A tool call, as the events of a thread tell it. */
export interface StreamedCall {
  /** The same at each attempt. */
  id: string;
  name: string;
  input: Json;
}

/** What workers write into the streams of threads: text of turns, and calls of tools. */
export class ThreadStreams {
  private readonly writer: ThreadEventWriter;

  constructor(private readonly dataSource: DataSource) {
    this.writer = new ThreadEventWriter(dataSource);
  }

  /** Begins an attempt of a turn. */
  begin(place: ThreadPlace, turn: TurnOfAnswer): Promise<AnswerStream> {
    return AnswerStream.begin(this.dataSource, this.writer, place, turn);
  }

  /** Makes a call, with an event before and after it. */
  async around(place: ThreadPlace, call: StreamedCall, make: () => Promise<Json>): Promise<Json> {
    const { id, name } = call;
    const at = { thread_id: place.id, message_id: place.message_id };
    const input = cut(call.input);
    await this.writer.append({
      ...at,
      type: 'tool_start',
      data: { id, name, input },
      key: `start:${id}`,
    });
    const ended = (output: Json, is_error: boolean) =>
      this.writer.append({
        ...at,
        type: 'tool_result',
        data: { id, name, output: cut(output), is_error },
        key: `result:${id}`,
      });
    try {
      const output = await make();
      await ended(output, false);
      return output;
    } catch (thrown) {
      await ended(String((thrown as Error).message), true);
      throw thrown;
    }
  }
}

function cut(value: Json): Json {
  const text = JSON.stringify(value);
  if (text.length <= MAX_BYTES) return value;
  return `${text.slice(0, MAX_BYTES)}… (cut: ${text.length - MAX_BYTES} characters more)`;
}
