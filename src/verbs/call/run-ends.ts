import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { EndedRun } from '../../observation/feeds/wait-for-end.js';

/** Waits for the ends of runs. */
export interface RunEnds {
  /** The ended run; null after `ms`, or when the wait is aborted. */
  waitForEnd(id: string, ms: number, signal?: AbortSignal): Promise<EndedRun | null>;
}

const FIRST_MS = 10;
const LONGEST_MS = 250;
const ENDED = `SELECT id, status, result, error, duration_ms FROM directive_executions
  WHERE id = $1 AND status IN ('success', 'error', 'cancelled')`;

/** Asks the database, less and less often: for processes that follow no feed. */
export class PolledEnds implements RunEnds {
  constructor(private readonly dataSource: DataSource) {}

  async waitForEnd(id: string, ms: number, signal?: AbortSignal): Promise<EndedRun | null> {
    const until = Date.now() + ms;
    for (let delay = FIRST_MS; ; delay = Math.min(delay * 2, LONGEST_MS)) {
      const [row] = await this.dataSource.query<EndedRun[]>(ENDED, [id]);
      if (row) return row;
      if (signal?.aborted || Date.now() >= until) return null;
      await sleep(delay, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }
}
