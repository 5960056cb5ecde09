import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import { APPEND, eventsJson, type NewThreadEvent } from './append-events.js';

/** Least milliseconds between two statements: what arrives meanwhile shares the next one. */
const INTERVAL_MS = 20;

interface Pending {
  event: NewThreadEvent;
  written: (error?: unknown) => void;
}

/**
 * Writes the events of all threads of a process: one statement at a time, at once when none is under way, at most
 * fifty in a second.
 */
export class ThreadEventWriter {
  private pending: Pending[] = [];
  private running = false;
  private last = 0;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Resolves when the event is committed.
   * @throws MissionError `conflict` when the event's writer was replaced
   */
  append(event: NewThreadEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      const written = (error?: unknown) => (error === undefined ? resolve() : reject(error));
      this.pending.push({ event, written });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.pending.length > 0) {
      const wait = this.last + INTERVAL_MS - Date.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      this.last = Date.now();
      await this.write(this.take());
    }
    this.running = false;
  }

  /** The pending events whose thread has one writer in this batch; the others wait for the next one. */
  private take(): Pending[] {
    const writers = new Map<string, string | undefined>();
    const later: Pending[] = [];
    const now = this.pending.filter((each) => {
      const { thread_id, writer } = each.event;
      if (!writers.has(thread_id)) writers.set(thread_id, writer);
      const same = writers.get(thread_id) === writer;
      if (!same) later.push(each);
      return same;
    });
    this.pending = later;
    return now;
  }

  private async write(batch: readonly Pending[]): Promise<void> {
    try {
      const events = eventsJson(batch.map(({ event }) => event));
      const rows = await APPEND.run(this.dataSource, { events });
      const threads = new Set(rows.map(({ id }) => id));
      for (const { event, written } of batch)
        written(threads.has(event.thread_id) ? undefined : replaced(event));
    } catch (error) {
      for (const { written } of batch) written(error);
    }
  }
}

const replaced = ({ thread_id }: NewThreadEvent): MissionError =>
  new MissionError('conflict', `Another worker answers in the thread ${thread_id} now.`);
