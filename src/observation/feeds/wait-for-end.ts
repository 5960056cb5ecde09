import type { DataSource } from 'typeorm';
import type { ExecutionRow } from '../../platform/database/entities/runs/execution.row.js';
import { sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';

type Answer = (row: EndedRun | null) => void;

/** What is told of a run that has ended. */
export type EndedRun = Pick<ExecutionRow, 'id' | 'status' | 'result' | 'error' | 'duration_ms'>;

const ENDED = new Statement<EndedRun, { ids: string[] }>(
  'wait.ended',
  (p) => sql`SELECT id, status, result, error, duration_ms FROM directive_executions
    WHERE id = ANY(${p.ids}) AND status IN ('success', 'error', 'cancelled')`,
);

/** Waits for the ends of runs: however many wait, a hint costs one query at a time. */
export class RunWaiter {
  private readonly waiting = new Map<string, Set<Answer>>();
  /** Runs to look at in the next query. */
  private readonly due = new Set<string>();
  private reading = false;

  constructor(private readonly dataSource: DataSource) {}

  /** How many runs are waited for. */
  get size(): number {
    return this.waiting.size;
  }

  /** The run's row once it has ended; null after `timeoutMs`, on `signal`, or when the process stops. */
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

  /** Calls `told` once the run has ended, or with null when the process stops; the answer is how to stop waiting. */
  onEnd(id: string, told: Answer): () => void {
    const answer: Answer = (row) => {
      this.remove(id, answer);
      told(row);
    };
    this.add(id, answer);
    return () => this.remove(id, answer);
  }

  /** This run has ended. */
  check(id: string): void {
    if (!this.waiting.has(id)) return;
    this.due.add(id);
    void this.read();
  }

  /** Something ended, perhaps. */
  checkAll(): void {
    for (const id of this.waiting.keys()) this.due.add(id);
    void this.read();
  }

  /** Answers everybody with null. */
  stop(): void {
    for (const answers of this.waiting.values()) for (const answer of [...answers]) answer(null);
  }

  /** It may have ended already: callers that come together share the first look. */
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
      // A database that is away: the next poll asks again.
      const rows = await ENDED.run(this.dataSource, { ids }).catch(() => []);
      for (const row of rows) this.tell(row);
    }
    this.reading = false;
  }

  private tell(row: EndedRun): void {
    for (const answer of [...(this.waiting.get(row.id) ?? [])]) answer(row);
  }
}
