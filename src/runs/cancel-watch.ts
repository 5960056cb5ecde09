import type { DataSource } from 'typeorm';

const EVERY_MS = 500;

/**
 * Aborts running work when its run is cancelled. Temporal's own cancellation reaches a busy segment only
 * with its next task, and an activity only with its next heartbeat. One query serves all watched runs.
 */
export class CancelWatch {
  private readonly watched = new Map<AbortController, { id: string; ending: boolean }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Returns a signal that aborts at most half a second after the run's cancellation was requested. The work of an
   * ending (`ending`: compensation and `always`) may still run then: its signal aborts when the run is ended hard.
   */
  watch(id: string, ending: boolean): { signal: AbortSignal; end(): void } {
    const controller = new AbortController();
    this.watched.set(controller, { id, ending });
    this.timer ??= setTimeout(() => void this.poll(), EVERY_MS);
    return { signal: controller.signal, end: () => void this.watched.delete(controller) };
  }

  private async poll(): Promise<void> {
    const ids = [...new Set([...this.watched.values()].map(({ id }) => id))];
    if (ids.length > 0) await this.abortCancelled(ids).catch(() => {});
    this.timer = undefined;
    if (this.watched.size > 0) this.timer = setTimeout(() => void this.poll(), EVERY_MS);
  }

  private async abortCancelled(ids: string[]): Promise<void> {
    const rows: { id: string; hard: boolean }[] = await this.dataSource.query(
      `SELECT id, ended_hard AS hard FROM directive_executions
       WHERE id = ANY($1) AND (cancel_requested OR ended_hard)`,
      [ids],
    );
    const hard = new Map(rows.map((row) => [row.id, row.hard]));
    for (const [controller, { id, ending }] of this.watched) {
      if (hard.get(id) || (hard.has(id) && !ending)) controller.abort();
    }
  }
}
