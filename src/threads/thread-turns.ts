import type { DataSource } from 'typeorm';
import { MissionError, toStepError, type StepError } from '../contracts/errors.js';
import type { Json, JsonObject } from '../contracts/json/json.js';
import { isObject, textOf } from '../contracts/json/json.js';
import type { ThreadProgress } from '../contracts/thread.js';
import type { Spent } from '../contracts/run/spent.js';
import type { CancelService } from '../kernel/cancel-service.js';
import type { Executor } from '../kernel/execute.js';
import type { ThreadMessageRow } from '../platform/database/entities/threads/thread-message.row.js';
import type { ThreadRow } from '../platform/database/entities/threads/thread.row.js';
import type { Blobs } from '../runs/values/blobs.js';
import type { Plans } from '../runs/values/plans.js';
import type { Logger } from '../platform/logger.js';
import type { ThreadMemory } from './memory/thread-memory.js';
import { settleMessage } from './settle-message.js';
import { openMessages, threadOf } from './thread-rows.js';

interface EndedRun {
  status: string;
  result: Json;
  error: StepError | null;
  spent: Spent | null;
  duration_ms: number | null;
}

const RUN = `SELECT status, result, error, spent, duration_ms FROM directive_executions
  WHERE id = $1 AND completed_at IS NOT NULL`;
const BEGIN = `WITH mine AS (UPDATE thread_messages SET status = 'running', run_id = $2
    WHERE id = $1 AND status = 'queued' RETURNING id, thread_id),
  counted AS (UPDATE threads SET event_seq = event_seq + 1, updated_at = now() FROM mine
    WHERE threads.id = mine.thread_id RETURNING threads.id, event_seq)
  INSERT INTO thread_events (thread_id, seq, message_id, type, data, key)
  SELECT counted.id, event_seq, mine.id, 'message_start', json_build_object('run_id', $2::text), 'start:' || mine.id
  FROM counted, mine ON CONFLICT (thread_id, key) DO NOTHING RETURNING message_id`;
const EXPIRE = `UPDATE threads SET status = 'completed', updated_at = now()
  WHERE id = $1 AND status = 'running' AND updated_at < now() - (idle_ms - 1000) * interval '1 millisecond'
    AND NOT EXISTS (SELECT 1 FROM thread_messages WHERE thread_id = $1 AND status IN ('queued', 'running'))
  RETURNING id`;

export interface ThreadTurnsOptions {
  dataSource: DataSource;
  executor: Pick<Executor, 'start'>;
  cancelService: Pick<CancelService, 'cancel'>;
  plans: Pick<Plans, 'get'>;
  blobs: Pick<Blobs, 'resolve'>;
  memory: Pick<ThreadMemory, 'look'>;
  logger: Pick<Logger, 'warn'>;
}

/** Answers the messages of threads, one after the other. Everything here may be repeated at any point. */
export class ThreadTurns {
  constructor(private readonly options: ThreadTurnsOptions) {}

  /** Settles the answer whose run has ended, begins the next one, and says what the thread waits for. */
  async advance(threadId: string): Promise<ThreadProgress> {
    const { dataSource } = this.options;
    for (;;) {
      const thread = await threadOf(dataSource, threadId);
      if (!thread) return { state: 'closed' };
      const [message] = await openMessages(dataSource, threadId);
      if (message?.status === 'running') {
        const ended = await this.endOf(message);
        if (!ended) return { state: 'answering', run_id: message.run_id! };
        await settleMessage(dataSource, message, ended);
        await this.remember(threadId);
        continue;
      }
      if (!message || thread.status === 'paused') return restOf(thread);
      await this.begin(thread, message);
    }
  }

  /** A thread goes on without a memory, so that a failure here is no failure of it. */
  private async remember(threadId: string): Promise<void> {
    const { memory, logger } = this.options;
    await memory.look(threadId).catch((error: unknown) => {
      logger.warn({ thread: threadId, error: String(error) }, 'a thread could not be condensed');
    });
  }

  /** Closes a thread that nobody has used for its time. False when it is not idle. */
  async expire(threadId: string): Promise<boolean> {
    const [rows]: [unknown[]] = await this.options.dataSource.query(EXPIRE, [threadId]);
    return rows.length > 0;
  }

  private async endOf({ run_id }: ThreadMessageRow) {
    const [run] = await this.options.dataSource.query<EndedRun[]>(RUN, [run_id]);
    if (!run) return undefined;
    const result = await this.options.blobs.resolve(run.result);
    const text = isObject(result) && 'text' in result ? textOf(result['text']!) : textOf(result);
    return { ...run, text: run.status === 'success' ? text : '' };
  }

  private async begin(thread: ThreadRow, message: ThreadMessageRow): Promise<void> {
    const { dataSource, cancelService } = this.options;
    try {
      const run = await this.startRun(thread, message);
      const [begun] = await dataSource.query<unknown[]>(BEGIN, [message.id, run.id]);
      const [now] = await dataSource.query<{ status: string }[]>(
        'SELECT status FROM thread_messages WHERE id = $1',
        [message.id],
      );
      // The message was cancelled while its run was being started.
      if (!begun && now?.status !== 'running')
        await cancelService.cancel(run.id, {
          actor: 'system',
          reason: 'its message was cancelled',
        });
    } catch (thrown) {
      if (!(thrown instanceof MissionError) || thrown.retryable) throw thrown;
      if (thrown.code === 'conflict') return;
      const error = toStepError(thrown);
      await settleMessage(dataSource, message, { status: 'error', error, text: '' });
    }
  }

  private async startRun(thread: ThreadRow, message: ThreadMessageRow) {
    const plan = await this.options.plans.get(thread.plan_hash);
    return this.options.executor.start({
      directive: thread.directive_name,
      inputs: inputsOf(thread, message, Object.keys(plan.inputs)),
      idempotencyKey: `message:${message.id}`,
      actor: message.speaker,
      rights: message.rights,
      triggeredBy: 'manual',
      thread: { id: thread.id, answer: { message_id: message.id, plan } },
    });
  }
}

const restOf = ({ status, mode, message_seq }: ThreadRow): ThreadProgress => {
  const over = ['completed', 'error', 'cancelled'].includes(status);
  return { state: over || (mode === 'single_shot' && message_seq > 1) ? 'closed' : 'waiting' };
};

/** The inputs that a directive declares, of those that every thread has. */
function inputsOf(thread: ThreadRow, message: ThreadMessageRow, declared: string[]): JsonObject {
  const own: JsonObject = {
    request: message.content,
    user_context: { user_id: message.speaker, channel: thread.channel },
    platform: thread.platform,
    ...(thread.project_path !== null && { project_path: thread.project_path }),
  };
  const given = { ...thread.inputs, ...own };
  return Object.fromEntries(Object.entries(given).filter(([name]) => declared.includes(name)));
}
