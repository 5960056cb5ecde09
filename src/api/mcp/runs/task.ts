import type { RunView } from './run-watch.js';

/** Milliseconds between two questions that a client should leave. */
const POLL_MS = 1_000;

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'cancelled';

/** A task of the tasks extension; its id is the run's. */
export interface Task {
  taskId: string;
  status: TaskStatus;
  createdAt: string;
  lastUpdatedAt: string;
  /** Milliseconds for which the task can be asked for; null = as long as the run's row is kept. */
  ttlMs: number | null;
  pollIntervalMs: number;
}

/** The task that a run is. A run that failed is completed: `failed` is for requests that broke. */
export const taskOf = (run: RunView, asks = false): Task => ({
  taskId: run.id,
  status: statusOf(run.status, asks),
  createdAt: run.createdAt,
  lastUpdatedAt: run.updatedAt,
  ttlMs: null,
  pollIntervalMs: POLL_MS,
});

function statusOf(status: string, asks: boolean): TaskStatus {
  if (status === 'success' || status === 'error') return 'completed';
  if (status === 'cancelled') return 'cancelled';
  return asks ? 'input_required' : 'working';
}
