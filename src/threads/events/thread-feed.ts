import type { DataSource } from 'typeorm';
import { CHANNELS } from '../../contracts/engine.js';
import type { ThreadEvent } from '../../contracts/thread.js';
import { Listener } from '../../platform/database/listening/listener.js';
import { sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';
import { ThreadFollower } from './thread-follower.js';

const POLL_MS = 1_000;
/** Upper bound on the events that one query reads for all followers. */
const PAGE = 2_000;

const NEXT = new Statement<ThreadEvent, { threads: string[]; after: number[]; page: number }>(
  'thread.next',
  (p) => sql`SELECT e.thread_id, e.seq, e.message_id, e.type, e.data
    FROM unnest(${p.threads}::text[], ${p.after}::int[]) AS f(id, after)
    JOIN thread_events e ON e.thread_id = f.id AND e.seq > f.after
    ORDER BY e.thread_id, e.seq LIMIT ${p.page}`,
);

/** Reads the events of threads for all followers of a process: one LISTEN, and one query at a time. */
export class ThreadFeed {
  private readonly followers = new Set<ThreadFollower>();
  private readonly listener: Listener;
  private poll: NodeJS.Timeout | undefined;
  private reading = false;

  constructor(
    private readonly dataSource: DataSource,
    url: string,
    /** Called when the events could not be read; they are read again within a second. */
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {
    this.listener = new Listener(url, CHANNELS.threads, {
      onHint: (thread) => this.hint(thread),
      onConnected: () => this.hint(),
    });
  }

  async start(): Promise<void> {
    this.poll = setInterval(() => this.hint(), POLL_MS);
    await this.listener.start();
  }

  /** Ends every follower. */
  async stop(): Promise<void> {
    clearInterval(this.poll);
    for (const follower of this.followers) follower.close();
    await this.listener.stop();
  }

  /** Number of open followers. */
  get size(): number {
    return this.followers.size;
  }

  /** The events of a thread after a sequence, and all that follow. Close it with `return()` or `close()`. */
  follow(threadId: string, after: number): ThreadFollower {
    const follower = new ThreadFollower(threadId, after, {
      onHungry: () => void this.read(),
      onClose: () => this.followers.delete(follower),
    });
    this.followers.add(follower);
    return follower;
  }

  private hint(thread?: string): void {
    for (const follower of this.followers)
      if (thread === undefined || follower.threadId === thread) follower.dirty = true;
    void this.read();
  }

  private async read(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    // Hints and readers that come in the same turn share one query.
    await new Promise((resolve) => setImmediate(resolve));
    for (let due = this.due(); due.length > 0; due = this.due()) {
      for (const follower of due) follower.dirty = false;
      try {
        this.deliver(due, await NEXT.run(this.dataSource, wantedBy(due)));
      } catch (error) {
        this.onError(error);
        for (const follower of due) follower.dirty = true;
        break;
      }
    }
    this.reading = false;
  }

  /** The followers that wait for events of which there may be some. A slow reader costs nothing until it asks. */
  private due(): ThreadFollower[] {
    return [...this.followers].filter(({ dirty, hungry }) => dirty && hungry);
  }

  private deliver(due: readonly ThreadFollower[], events: readonly ThreadEvent[]): void {
    const full = events.length === PAGE;
    for (const follower of due) {
      follower.add(events.filter((event) => event.thread_id === follower.threadId));
      if (full) follower.dirty = true;
    }
  }
}

const wantedBy = (due: readonly ThreadFollower[]) => ({
  threads: due.map(({ threadId }) => threadId),
  after: due.map(({ after }) => after),
  page: PAGE,
});
