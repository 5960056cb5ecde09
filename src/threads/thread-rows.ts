import type { DataSource, EntityManager } from 'typeorm';
import type { ThreadMessageRow } from '../platform/database/entities/threads/thread-message.row.js';
import type { ThreadRow } from '../platform/database/entities/threads/thread.row.js';

type Database = DataSource | EntityManager;

export async function threadOf(db: Database, id: string): Promise<ThreadRow | undefined> {
  const [row] = await db.query<ThreadRow[]>('SELECT * FROM threads WHERE id = $1', [id]);
  return row;
}

/** The messages of a thread that are being answered or wait for it, oldest first. */
export const openMessages = (db: Database, threadId: string): Promise<ThreadMessageRow[]> =>
  db.query(
    `SELECT * FROM thread_messages WHERE thread_id = $1 AND status IN ('queued', 'running') ORDER BY seq`,
    [threadId],
  );

export async function messageOf(db: Database, id: string): Promise<ThreadMessageRow | undefined> {
  const [row] = await db.query<ThreadMessageRow[]>('SELECT * FROM thread_messages WHERE id = $1', [
    id,
  ]);
  return row;
}
