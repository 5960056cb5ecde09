import { randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { ThreadMessageRow } from '../platform/database/entities/threads/thread-message.row.js';
import type { ThreadRow } from '../platform/database/entities/threads/thread.row.js';
import { threadOf } from './thread-rows.js';

const MESSAGES = `SELECT * FROM thread_messages WHERE thread_id = $1 AND status IN ('done', 'error', 'cancelled')
  AND (CASE role WHEN 'user' THEN id ELSE reply_to END) IN
    (SELECT id FROM thread_messages WHERE thread_id = $1 AND role = 'user' AND seq <= $2)
  ORDER BY seq`;
const FORK = `WITH said AS (SELECT * FROM json_populate_recordset(NULL::thread_messages, $4::json)),
  put AS (INSERT INTO thread_messages SELECT * FROM said)
  INSERT INTO threads (id, directive_name, directive_version, plan_hash, mode, channel, project_path, platform, owner,
    participants, inputs, on_busy, memory, idle_ms, forked_from, message_seq, status)
  SELECT $2, directive_name, directive_version, plan_hash, 'persistent', channel, project_path, platform, $3,
    ARRAY[$3], inputs, on_busy, memory, idle_ms, id, (SELECT count(*) FROM said), 'created' FROM threads WHERE id = $1`;

/**
 * A new thread with what was said up to a message, and the same Plan. The old one is left as it is.
 * @throws MissionError `input_invalid` when there is no such message
 */
export async function forkThread(
  dataSource: DataSource,
  { id }: ThreadRow,
  seq: number,
  owner: string,
): Promise<ThreadRow> {
  const rows = await dataSource.query<ThreadMessageRow[]>(MESSAGES, [id, seq]);
  if (rows.length === 0)
    throw new MissionError('input_invalid', `The thread has no answered message up to ${seq}.`);
  const forkId = `conv_${randomBytes(16).toString('hex')}`;
  const ids = new Map(rows.map((row) => [row.id, randomUUID()]));
  const copies = rows.map((row, index) => ({
    ...row,
    id: ids.get(row.id)!,
    thread_id: forkId,
    seq: index + 1,
    client_id: null,
    reply_to: row.reply_to && (ids.get(row.reply_to) ?? null),
  }));
  await dataSource.query(FORK, [id, forkId, owner, JSON.stringify(copies)]);
  return (await threadOf(dataSource, forkId))!;
}
