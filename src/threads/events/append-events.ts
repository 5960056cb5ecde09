import { CHANNELS } from '../../contracts/engine.js';
import type { ThreadEventData, ThreadEventType } from '../../contracts/thread.js';
import { literal, sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';

/** An event that is not written yet. */
export interface NewThreadEvent<Type extends ThreadEventType = ThreadEventType> {
  thread_id: string;
  message_id: string;
  type: Type;
  data: ThreadEventData[Type];
  /** The event is written at most once for its key. */
  key?: string;
  /** The token of a turn: the event is dropped when another turn has begun since. */
  writer?: string;
}

/**
 * Writes events of any number of threads. The row of a thread gives the sequence, and its lock makes events visible in
 * their order: a reader that has seen one event has seen all before it. `events`: JSON; `n` counts from 1 in each thread.
 * The rows of the answer are the threads whose events were written; those of a replaced writer are missing.
 */
export const APPEND = new Statement<{ id: string }, { events: string }>(
  'thread.append',
  (p) => sql`WITH fresh AS (SELECT * FROM json_to_recordset(${p.events}::json)
      AS r(thread_id text, n int, message_id uuid, type text, data json, key text, writer text)),
  counted AS (SELECT thread_id, max(writer) AS writer, max(n) AS count FROM fresh GROUP BY thread_id ORDER BY thread_id),
  moved AS (UPDATE threads SET event_seq = event_seq + count FROM counted
    WHERE threads.id = counted.thread_id AND (counted.writer IS NULL OR counted.writer = threads.writer)
    RETURNING threads.id, event_seq - count AS base),
  put AS (INSERT INTO thread_events (thread_id, seq, message_id, type, data, key)
    SELECT thread_id, base + n, message_id, type, data, key FROM fresh JOIN moved ON moved.id = fresh.thread_id
    ON CONFLICT (thread_id, key) DO NOTHING)
  SELECT id, pg_notify(${literal(CHANNELS.threads)}, id) FROM moved`,
);

/** The events as the statement reads them. Consecutive pieces of one text become one event. */
export function eventsJson(events: readonly NewThreadEvent[]): string {
  const counts = new Map<string, number>();
  const numbered = merged(events).map((event) => {
    const n = (counts.get(event.thread_id) ?? 0) + 1;
    counts.set(event.thread_id, n);
    return { ...event, n };
  });
  return JSON.stringify(numbered);
}

function merged(events: readonly NewThreadEvent[]): NewThreadEvent[] {
  const result: NewThreadEvent[] = [];
  const last = new Map<string, NewThreadEvent>();
  for (const event of events) {
    const before = last.get(event.thread_id);
    if (before && isDelta(before) && isDelta(event) && before.message_id === event.message_id) {
      before.data.delta.text += event.data.delta.text;
      continue;
    }
    const own = structuredClone(event);
    last.set(event.thread_id, own);
    result.push(own);
  }
  return result;
}

const isDelta = (event: NewThreadEvent): event is NewThreadEvent<'content_block_delta'> =>
  event.type === 'content_block_delta';
