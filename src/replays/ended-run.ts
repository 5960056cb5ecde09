import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { ExecutionRow } from '../platform/database/entities/runs/execution.row.js';

/**
 * Returns the row of a run that can be repeated.
 * @throws MissionError `not_found`; `conflict` for a shadow run, or a run that has not ended
 */
export async function endedRun(dataSource: DataSource, id: string): Promise<ExecutionRow> {
  const [old] = await dataSource.query<ExecutionRow[]>(
    'SELECT * FROM directive_executions WHERE id = $1',
    [id],
  );
  if (!old) throw new MissionError('not_found', `There is no run ${id}.`);
  if (old.shadow_of !== null) {
    const text = `The run is a shadow run of ${old.shadow_of}: use the ID of that run.`;
    throw new MissionError('conflict', text);
  }
  if (old.completed_at) return old;
  const text = `The run is still ${old.status}. Wait until it ends or cancel it: two runs at the same time would do the same work twice.`;
  throw new MissionError('conflict', text);
}
