import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { ChildEnd, Spawned, SpawnRequest } from '../contracts/run/child.js';
import type { CancelService } from '../kernel/cancel-service.js';
import type { ChildRunService } from '../kernel/child-run-service.js';
import type { ExecutionRow } from '../platform/database/entities/runs/execution.row.js';
import type { Blobs } from '../runs/values/blobs.js';

type Ended = Pick<ExecutionRow, 'status' | 'result' | 'error' | 'spent'>;

const END = `SELECT status, result, error, spent FROM directive_executions
  WHERE id = $1 AND completed_at IS NOT NULL`;

/** Starts, reads and stops child runs for the workflows of their parents. */
export class Children {
  constructor(
    private readonly dataSource: DataSource,
    private readonly blobs: Pick<Blobs, 'keep'>,
    private readonly childRuns: Pick<ChildRunService, 'spawn'>,
    private readonly cancelService: Pick<CancelService, 'cancel'>,
  ) {}

  spawn(request: SpawnRequest): Promise<Spawned> {
    return this.childRuns.spawn(request);
  }

  /** The outcome of an ended child. A result or error data longer than `limit` bytes is returned as a reference. */
  async end(id: string, limit: number): Promise<ChildEnd> {
    const [row] = await this.dataSource.query<Ended[]>(END, [id]);
    if (!row)
      throw new MissionError('internal', `The child run ${id} has not ended.`, null, {
        retryable: true,
      });
    const { status, error } = row;
    const result = await this.blobs.keep(row.result, limit);
    if (error?.data !== undefined) error.data = await this.blobs.keep(error.data, limit);
    return {
      status: status as ChildEnd['status'],
      result,
      ...(error && { error }),
      ...(row.spent && { spent: row.spent }),
    };
  }

  /** Requests the cancellation of a child; does nothing when the child has ended. */
  async stop(id: string, reason: string): Promise<void> {
    await this.cancelService.cancel(id, { actor: 'system', reason }).catch((error: unknown) => {
      if (!(error instanceof MissionError) || error.code !== 'conflict') throw error;
    });
  }
}
