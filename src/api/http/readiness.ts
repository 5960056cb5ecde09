import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { TASK_QUEUE } from '../../contracts/engine.js';

const TIMEOUT_MS = 3_000;
/** Milliseconds for which an answer is cached: the check writes to the database, and needs no key. */
const SHARED_MS = 500;

const WRITE = `INSERT INTO readiness_probes (process, at) VALUES ($1, now())
  ON CONFLICT (process) DO UPDATE SET at = excluded.at`;
const WORKERS = `SELECT count(*)::int AS count FROM workers
  WHERE task_queue = $1 AND seen_at > now() - interval '15 seconds'`;

/** `ready`: runs can be accepted and executed now; otherwise `reasons` says why not. */
export interface Readiness {
  ready: boolean;
  reasons: string[];
}

/** Checks that the database accepts a write, and that the heartbeat of a worker is at most 15 s old. */
export class ReadinessProbe {
  private readonly process = `api:${hostname()}:${process.pid}`;
  private last: { at: number; answer: Promise<Readiness> } | undefined;

  constructor(private readonly dataSource: DataSource) {}

  check(): Promise<Readiness> {
    if (!this.last || Date.now() - this.last.at > SHARED_MS) {
      this.last = { at: Date.now(), answer: this.probe() };
    }
    return this.last.answer;
  }

  private async probe(): Promise<Readiness> {
    const reason = await Promise.race([
      this.reason(),
      delay(TIMEOUT_MS, NO_ANSWER, { ref: false }),
    ]);
    return { ready: reason === undefined, reasons: reason === undefined ? [] : [reason] };
  }

  private async reason(): Promise<string | undefined> {
    try {
      await this.dataSource.query(WRITE, [this.process]);
      const [row] = await this.dataSource.query<{ count: number }[]>(WORKERS, [TASK_QUEUE]);
      return row!.count > 0
        ? undefined
        : `no worker has reported for task queue ${TASK_QUEUE} in the last 15 s`;
    } catch {
      return 'the database does not accept writes';
    }
  }
}

const NO_ANSWER = `the database did not answer within ${TIMEOUT_MS} ms`;
