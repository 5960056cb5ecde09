import type { DataSource } from 'typeorm';
import { CHANNELS } from '../contracts/engine.js';
import type { Logger } from '../platform/logger.js';

const EVERY_MS = 15_000;
const MIN_AGE = `interval '20 seconds'`;

/**
 * Orders a look at each thread in which something should go on and nothing does: its workflow was terminated or reset, or a
 * signal was lost.
 */
const LOOK = `WITH stuck AS (
    SELECT DISTINCT m.thread_id FROM thread_messages m JOIN threads t ON t.id = m.thread_id
    LEFT JOIN directive_executions e ON e.id = m.run_id
    WHERE t.status <> 'paused' AND m.status IN ('queued', 'running')
      AND CASE m.status WHEN 'running' THEN e.completed_at < now() - ${MIN_AGE}
        ELSE m.created_at < now() - ${MIN_AGE} AND NOT EXISTS (SELECT 1 FROM thread_messages other
          WHERE other.thread_id = m.thread_id AND other.status = 'running') END
      AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.kind = 'thread' AND o.run_id = m.thread_id)
    LIMIT 200),
  boxed AS (INSERT INTO outbox (kind, run_id) SELECT 'thread', thread_id FROM stuck RETURNING run_id)
  SELECT run_id, pg_notify('${CHANNELS.outbox}', '') FROM boxed`;

/** Finds threads that were left alone by a crash, and has them looked at again. */
export class ThreadReconciler {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.round());
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Looks once. Never rejects. */
  async round(): Promise<void> {
    try {
      const threads = await this.dataSource.query<{ run_id: string }[]>(LOOK);
      for (const { run_id: thread } of threads)
        this.logger.info({ thread }, 'a thread was left alone and is looked at again');
    } catch (error) {
      this.logger.warn({ error: String(error) }, 'threads could not be reconciled');
    }
  }
}
