import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';

const MOST = 20_000;
const FRESH_MS = 1_000;

/** Refuses new runs (`too_many_requests`) while too many wait for their start. The count is read at most once a second. */
export class Backlog {
  private waiting = 0;
  private readAt = 0;

  constructor(private readonly dataSource: DataSource) {}

  async check(): Promise<void> {
    if (Date.now() - this.readAt > FRESH_MS) {
      this.readAt = Date.now();
      const [row] = await this.dataSource.query(
        `SELECT count(*)::int AS waiting FROM
         (SELECT 1 FROM outbox WHERE kind <> 'terminate' UNION ALL SELECT 1 FROM directive_executions
          WHERE slot_key IS NOT NULL AND NOT slot_held AND status = 'pending' LIMIT ${MOST + 1}) AS bounded`,
      );
      this.waiting = row.waiting;
    }
    if (this.waiting <= MOST) return;
    const text = `More than ${MOST} runs are waiting to start. Try again in a minute, or start more workers.`;
    throw new MissionError('too_many_requests', text);
  }
}
