import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Principal } from '../../src/access/principal.js';
import type { Json } from '../../src/contracts/json/json.js';
import type { ThreadMessageRow } from '../../src/platform/database/entities/threads/thread-message.row.js';

export const principal = (actor = 'anna'): Principal =>
  ({ keyId: `key-of-${actor}`, actor, role: 'operator' }) as Principal;

/** A thread of anna's without messages. */
export async function insertThread(
  dataSource: DataSource,
  columns: Record<string, Json> = {},
): Promise<string> {
  const id = `conv_${randomUUID()}`;
  const row = {
    id,
    directive_name: 'talk',
    directive_version: '1.0.0',
    plan_hash: 'none',
    mode: 'persistent',
    platform: 'generic',
    owner: 'anna',
    participants: '{anna}',
    inputs: '{}',
    ...columns,
  };
  await insert(dataSource, 'threads', row);
  return id;
}

/** A message of a thread. */
export async function insertMessage(
  dataSource: DataSource,
  thread_id: string,
  columns: Record<string, Json> = {},
): Promise<ThreadMessageRow> {
  const [thread] = await dataSource
    .query('UPDATE threads SET message_seq = message_seq + 1 WHERE id = $1 RETURNING message_seq', [
      thread_id,
    ])
    .then(([rows]: [{ message_seq: number }[]]) => rows);
  const row = {
    id: randomUUID(),
    thread_id,
    seq: thread!.message_seq,
    role: 'user',
    content: 'Hello.',
    speaker: 'anna',
    status: 'queued',
    ...columns,
  };
  await insert(dataSource, 'thread_messages', row);
  const [stored] = await dataSource.query('SELECT * FROM thread_messages WHERE id = $1', [row.id]);
  return stored;
}

async function insert(dataSource: DataSource, table: string, row: Record<string, Json>) {
  const names = Object.keys(row);
  const marks = names.map((_, index) => `$${index + 1}`);
  await dataSource.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks.join(', ')})`,
    Object.values(row),
  );
}

/** The events of a thread, as they are stored. */
export const eventsOf = (dataSource: DataSource, threadId: string): Promise<any[]> =>
  dataSource.query('SELECT seq, type, data FROM thread_events WHERE thread_id = $1 ORDER BY seq', [
    threadId,
  ]);
