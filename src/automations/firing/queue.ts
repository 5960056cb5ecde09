import type { DataSource } from 'typeorm';
import { lockAutomation, situationOf } from './occurrences.js';

const WAITING = `SELECT DISTINCT a.id FROM automation_occurrences o JOIN automations a ON a.id = o.automation_id
  WHERE o.ended_at IS NULL AND o.status = 'queued' AND a.enabled AND a.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM automation_stops) LIMIT 100`;
const NEXT = `UPDATE automation_occurrences SET start_at = now(), cause = 'it waited: ' || cause,
    status = CASE WHEN key LIKE 'backfill:%' THEN 'backfilled' WHEN key LIKE 'manual:%' THEN 'manual' ELSE 'late' END
  WHERE id = (SELECT min(id) FROM automation_occurrences
    WHERE automation_id = $1 AND ended_at IS NULL AND status = 'queued') RETURNING id`;

/** Lets occurrences go that waited for an earlier run, or for the end of a pause: one at a time, the oldest first. */
export class OccurrenceQueue {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns the number of occurrences that may start now. */
  async release(): Promise<number> {
    const waiting = await this.dataSource.query<{ id: string }[]>(WAITING);
    let released = 0;
    for (const { id } of waiting) if (await this.next(id)) released += 1;
    return released;
  }

  private next(id: string): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const automation = await lockAutomation(manager, id);
      if (!automation?.enabled) return false;
      const { open, stop } = await situationOf(manager, automation);
      const isFree = open === undefined || automation.spec.overlap === 'allow_all';
      if (stop || !isFree) return false;
      const [rows] = await manager.query<[unknown[]]>(NEXT, [id]);
      return rows.length > 0;
    });
  }
}
