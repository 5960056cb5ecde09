import type { JsonObject } from '../../../contracts/json/json.js';
import type { ThreadEvent } from '../../../contracts/thread.js';
import type { StepRow } from '../../../platform/database/entities/runs/step.row.js';
import type { Verb } from '../../../verbs/call/verb-specs.js';
import type { Waiting, VerbCaller } from '../../../verbs/call/verb-caller.js';
import type { EventStream } from './event-stream.js';

/** A run may take an hour of a stream; then the answer says that it goes on. */
const PATIENCE_MS = 3_600_000;
/** What was followed is delivered for so long after the answer is there. */
const LAST_EVENTS_MS = 2_000;

type Rows<Row> = AsyncIterableIterator<Row>;

export interface CallStreamOptions {
  kernel: { call(verb: Verb, args: JsonObject, caller: VerbCaller): Promise<JsonObject> };
  feed: { steps(run: string): Promise<Rows<StepRow>> };
  threadFeed: { follow(thread: string, after: number): Rows<ThreadEvent> };
  /** The part of an error that a client may see. */
  describe(error: unknown): { code: string; message: string };
}

/**
 * Calls a verb and sends what happens meanwhile: the steps of its run, or the events of its thread's answer; then the
 * answer itself. A client that goes ends the wait and everything that was followed for it, never the run.
 */
export class CallStream {
  private readonly rows = new Set<Rows<unknown>>();
  private readonly delivered: Promise<void>[] = [];
  private isOver = false;

  constructor(
    private readonly stream: EventStream,
    private readonly options: CallStreamOptions,
  ) {}

  /** @throws whatever the verb throws before anything was sent */
  async call(
    verb: Verb,
    args: JsonObject,
    caller: Pick<VerbCaller, 'principal'>,
    follows: boolean,
  ): Promise<void> {
    const { stream, options } = this;
    stream.gone.addEventListener('abort', () => void this.leave());
    try {
      const result = await options.kernel.call(verb, args, {
        ...caller,
        signal: stream.gone,
        patienceMs: PATIENCE_MS,
        onAwait: (what) => void this.delivered.push(this.follow(what, follows)),
      });
      if (result['status'] !== 'running') await this.lastEvents();
      await this.leave();
      await stream.send({ type: 'result', result });
    } catch (error) {
      if (!stream.isOpen) throw error;
      const { code, message } = options.describe(error);
      await stream.send({ type: 'error', error: message, code });
    } finally {
      await this.leave();
    }
    stream.end();
  }

  private async lastEvents(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, LAST_EVENTS_MS)));
    await Promise.race([Promise.all(this.delivered), late]);
    clearTimeout(timer);
  }

  private async leave(): Promise<void> {
    this.isOver = true;
    for (const rows of this.rows) void rows.return?.();
    this.rows.clear();
    await Promise.allSettled(this.delivered);
  }

  private async follow(what: Waiting, follows: boolean): Promise<void> {
    if ('execution_id' in what) {
      await this.stream.send({ type: 'run', ...what });
      if (follows) await this.steps(what.execution_id);
    } else await this.thread(what);
  }

  private async steps(run: string): Promise<void> {
    const rows = await this.options.feed.steps(run);
    if (this.isOver) return void rows.return?.();
    this.rows.add(rows);
    for await (const row of rows) if (!this.isOver) await this.stream.send(stepEvent(row));
  }

  private async thread({
    thread_id,
    message_id,
    after,
  }: Exclude<Waiting, { execution_id: string }>): Promise<void> {
    await this.stream.send({ type: 'thread', thread_id, message_id });
    if (this.isOver) return;
    const rows = this.options.threadFeed.follow(thread_id, after);
    this.rows.add(rows);
    for await (const { seq, type, message_id: of, data } of rows) {
      if (this.isOver) return;
      if (of !== message_id) continue;
      await this.stream.send({ type, message_id, ...data }, seq);
      if (type === 'message_stop') return;
    }
  }
}

function stepEvent(row: StepRow): object {
  const { run_id, path, name, kind, iteration, status, attempt, progress, error } = row;
  const about = { execution_id: run_id, path, name, kind, iteration, status, attempt };
  return { type: 'step', ...about, progress, error: error?.message ?? null };
}
