import type { DataSource } from 'typeorm';
import type { ExecutionRow } from '../../platform/database/entities/runs/execution.row.js';
import { sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';

type Answer = (row: EndedRun | null) => void;

/** The columns of an ended run that waiters receive. */
export type EndedRun = Pick<ExecutionRow, 'id' | 'status' | 'result' | 'error' | 'duration_ms'>;

const ENDED = new Statement<EndedRun, { ids: string[] }>(
  'wait.ended',
  (p) => sql`SELECT id, status, result, error, duration_ms FROM directive_executions
    WHERE id = ANY(${p.ids}) AND status IN ('success', 'error', 'cancelled')`,
);

/** Waits for the ends of runs. One query at a time serves all waiters. */
export class RunWaiter {
  private readonly waiting = new Map<string, Set<Answer>>();
  /** Ids of the runs that the next query reads. */
  private readonly due = new Set<string>();
  private reading = false;

  constructor(private readonly dataSource: DataSource) {}

  /** Number of runs that have waiters. */
  get size(): number {
    return this.waiting.size;
  }

  /** Resolves with the run's row once it has ended; with null after `timeoutMs`, on `signal`, or when the process stops. */
  waitForEnd(id: string, timeoutMs: number, signal?: AbortSignal): Promise<EndedRun | null> {
    return new Promise((resolve) => {
      const giveUp = () => answer(null);
      const leave = this.onEnd(id, (row) => answer(row));
      const answer: Answer = (row) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        leave();
        resolve(row);
      };
      const timer = setTimeout(giveUp, timeoutMs);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Calls `listener` once, when the run has ended, or with null when the process stops. Returns a function that stops waiting. */
  onEnd(id: string, listener: Answer): () => void {
    const answer: Answer = (row) => {
      this.remove(id, answer);
      listener(row);
    };
    this.add(id, answer);
    return () => this.remove(id, answer);
  }

  /** Queries a run that was reported as ended, if anyone waits for it. */
  check(id: string): void {
    if (!this.waiting.has(id)) return;
    this.due.add(id);
    void this.read();
  }

  /** Queries all runs that have waiters. */
  checkAll(): void {
    for (const id of this.waiting.keys()) this.due.add(id);
    void this.read();
  }

  /** Answers every waiter with null. */
  stop(): void {
    for (const answers of this.waiting.values()) for (const answer of [...answers]) answer(null);
  }

  /** Adds a waiter, and queries the run, which may have ended already. Waiters added in the same turn share one query. */
  private add(id: string, answer: Answer): void {
    const answers = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, answers.add(answer));
    this.due.add(id);
    setImmediate(() => void this.read());
  }

  private remove(id: string, answer: Answer): void {
    const answers = this.waiting.get(id);
    answers?.delete(answer);
    if (answers?.size === 0) this.waiting.delete(id);
  }

  private async read(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    while (this.due.size > 0) {
      const ids = [...this.due];
      this.due.clear();
      // The database cannot be reached: the next poll queries again.
      const rows = await ENDED.run(this.dataSource, { ids }).catch(() => []);
      for (const row of rows) this.answer(row);
    }
    this.reading = false;
  }

  private answer(row: EndedRun): void {
    for (const answer of [...(this.waiting.get(row.id) ?? [])]) answer(row);
  }
}
