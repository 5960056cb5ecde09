import { hostname } from 'node:os';
import type { DataSource } from 'typeorm';
import type { Logger } from '../platform/logger.js';

const EVERY_MS = 5_000;
const FORGET_AFTER = '1 day';

const BEAT = `INSERT INTO workers (id, task_queue, hostname, pid) VALUES ($1, $2, $3, $4)
  ON CONFLICT (id) DO UPDATE SET seen_at = now()`;

/** Writes a worker's heartbeat every 5 s. Temporal's list of pollers does not suffice: it shows dead ones for five minutes. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly workerId: string,
    private readonly taskQueue: string,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.beat();
    await this.dataSource.query(
      `DELETE FROM workers WHERE seen_at < now() - interval '${FORGET_AFTER}'`,
    );
    this.timer = setInterval(() => void this.beat(), EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.dataSource
      .query('DELETE FROM workers WHERE id = $1', [this.workerId])
      .catch(() => {});
  }

  private async beat(): Promise<void> {
    try {
      await this.dataSource.query(BEAT, [this.workerId, this.taskQueue, hostname(), process.pid]);
    } catch (error) {
      this.logger.warn({ error: String(error) }, 'the heartbeat could not be written');
    }
  }
}
