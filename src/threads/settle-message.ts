import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { StepError } from '../contracts/errors.js';
import type { Spent } from '../contracts/run/spent.js';
import {
  answerText,
  textDelta,
  type ThreadEvent,
  type ThreadMessageStatus,
} from '../contracts/thread.js';
import { CHANNELS } from '../contracts/engine.js';
import type { ThreadMessageRow } from '../platform/database/entities/threads/thread-message.row.js';

/** How the run of an answer ended, or why it could not begin. */
export interface AnswerEnd {
  status: string;
  error: StepError | null;
  /** The last part of the answer, as the run's result has it; empty after a failure. */
  text: string;
  spent?: Spent | null;
  duration_ms?: number | null;
}

type Event = Pick<ThreadEvent, 'type' | 'data'>;

const LOCK = 'SELECT directive_name, mode FROM threads WHERE id = $1 FOR UPDATE';
const END = `UPDATE thread_messages SET status = $2, tokens = $3, cost_usd = $4, duration_ms = $5, error = $6, ended_at = now()
  WHERE id = $1 AND status IN ('queued', 'running') RETURNING id`;
const STREAMED = `SELECT type, data FROM thread_events
  WHERE message_id = $1 AND type IN ('content_block_delta', 'attempt_reset') ORDER BY seq`;
const REPLY = `WITH counted AS (UPDATE threads SET message_seq = message_seq + 1, updated_at = now()
    WHERE id = $2 RETURNING message_seq)
  INSERT INTO thread_messages (id, thread_id, seq, role, content, speaker, status, run_id, reply_to, tokens, cost_usd, duration_ms, error, ended_at)
  SELECT $1, $2, message_seq, 'assistant', $3, $4, $5, $6, $7, $8, $9, $10, $11, now() FROM counted`;
const EVENTS = `WITH counted AS (UPDATE threads SET event_seq = event_seq + $2, writer = NULL,
    status = CASE WHEN mode = 'single_shot' THEN 'completed' ELSE status END WHERE id = $1 RETURNING event_seq - $2 AS base)
  INSERT INTO thread_events (thread_id, seq, message_id, type, data)
  SELECT $1, base + n, $3, type, data FROM counted, json_to_recordset($4::json) AS r(n int, type text, data json)`;

const ENDS: Record<string, ThreadMessageStatus> = { success: 'done', cancelled: 'cancelled' };

/**
 * Ends the answer to a message, once: the answer becomes a message of its own, as it was streamed, and the stream gets
 * its end. A message that had ended before is left as it is.
 */
export async function settleMessage(
  dataSource: DataSource,
  message: ThreadMessageRow,
  end: AnswerEnd,
): Promise<void> {
  await dataSource.transaction(async (tx) => {
    const [thread] = await tx.query<{ directive_name: string }[]>(LOCK, [message.thread_id]);
    const status = message.rollback ? 'rolled_back' : (ENDS[end.status] ?? 'error');
    const error = status === 'done' ? null : end.error;
    const tokens = end.spent?.tokens ?? 0;
    const cost = end.spent?.cost_usd ?? 0;
    const ms = Date.now() - new Date(message.created_at).getTime();
    const numbers = [tokens, cost, ms, error && JSON.stringify(error)];
    const [ended]: [unknown[]] = await tx.query(END, [message.id, status, ...numbers]);
    if (ended.length === 0) return;
    const streamed = answerText(await tx.query<ThreadEvent[]>(STREAMED, [message.id]));
    // A turn streams its text before it ends; only an answer that no turn gave is still missing.
    const missing = streamed.endsWith(end.text) ? '' : `${streamed && '\n\n'}${end.text}`;
    const events: Event[] = [
      ...(missing === '' ? [] : [textDelta(missing)]),
      ...(status === 'error' ? [failureOf(error)] : []),
      { type: 'message_stop', data: { status, tokens_used: tokens, duration_ms: Math.round(ms) } },
    ];
    const content = streamed + missing;
    await tx.query(REPLY, [
      randomUUID(),
      message.thread_id,
      content,
      thread!.directive_name,
      status,
      message.run_id,
      message.id,
      ...numbers,
    ]);
    await writeEvents(tx, message, events);
  });
}

const failureOf = (error: StepError | null): Event => ({
  type: 'error',
  data: { error: error?.message ?? 'The answer failed.', code: error?.code ?? 'internal' },
});

async function writeEvents(
  tx: EntityManager,
  { thread_id, id }: ThreadMessageRow,
  events: readonly Event[],
): Promise<void> {
  const rows = events.map((event, index) => ({ n: index + 1, ...event }));
  await tx.query(EVENTS, [thread_id, rows.length, id, JSON.stringify(rows)]);
  await tx.query('SELECT pg_notify($1, $2)', [CHANNELS.threads, thread_id]);
}
