import type { DataSource } from 'typeorm';

const EVERY_MS = 500;

/**
 * Tells work that is under way of its run's cancellation: the engine's own word reaches a busy
 * segment only with its next task, and an activity with its next heartbeat. One query serves all.
 */
export class CancelWatch {
  private readonly watched = new Map<AbortController, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** The signal is aborted at most half a second after the run's cancellation was asked for. */
  watch(runId: string): { signal: AbortSignal; end(): void } {
    const controller = new AbortController();
    this.watched.set(controller, runId);
    this.timer ??= setTimeout(() => void this.look(), EVERY_MS);
    return { signal: controller.signal, end: () => void this.watched.delete(controller) };
  }

  private async look(): Promise<void> {
    const ids = [...new Set(this.watched.values())];
    if (ids.length > 0) await this.abortCancelled(ids).catch(() => {});
    this.timer = undefined;
    if (this.watched.size > 0) this.timer = setTimeout(() => void this.look(), EVERY_MS);
  }

  private async abortCancelled(ids: string[]): Promise<void> {
    const rows: { id: string }[] = await this.dataSource.query(
      'SELECT id FROM directive_executions WHERE id = ANY($1) AND cancel_requested',
      [ids],
    );
    const cancelled = new Set(rows.map(({ id }) => id));
    for (const [controller, id] of this.watched) if (cancelled.has(id)) controller.abort();
  }
}
