import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { rightsOf } from '../access/rights.js';
import type { Principal } from '../access/principal.js';
import { CHANNELS } from '../contracts/engine.js';
import { MissionError } from '../contracts/errors.js';
import { BUSY_POLICIES, type BusyPolicy } from '../contracts/thread.js';
import type { CancelService } from '../kernel/cancel-service.js';
import type { RunControl } from '../kernel/run-control.js';
import type { ThreadMessageRow } from '../platform/database/entities/threads/thread-message.row.js';
import type { ThreadRow } from '../platform/database/entities/threads/thread.row.js';
import { plainText } from '../platform/database/sql/plain-text.js';
import { settleMessage } from './settle-message.js';
import { messageOf, openMessages, threadOf } from './thread-rows.js';
import type { ThreadService } from './thread-service.js';

const MAX_CHARACTERS = 100_000;
/** Upper bound on the messages of one thread that wait for an answer. */
const MAX_WAITING = 1_000;

/** A message to a thread. */
export interface PostMessage {
  message: string;
  /** The client's id: a repetition with the same id is the same message. */
  client_id?: string | undefined;
  /** What happens if the thread is busy; absent = the thread's own rule. */
  on_busy?: string | undefined;
}

/** An accepted message. */
export interface PostedMessage {
  thread_id: string;
  message_id: string;
  seq: number;
  /** The sequence of the thread's last event before the message: the answer's events follow it. */
  after: number;
}

const LOCK = 'SELECT id FROM threads WHERE id = $1 FOR UPDATE';
const INSERT = `WITH counted AS (UPDATE threads SET message_seq = message_seq + 1, updated_at = now(),
      status = CASE WHEN status = 'paused' THEN status ELSE 'running' END
    WHERE id = $2 RETURNING message_seq, event_seq),
  boxed AS (INSERT INTO outbox (kind, run_id) VALUES ('thread', $2)),
  put AS (INSERT INTO thread_messages (id, thread_id, seq, role, content, speaker, rights, client_id, status)
    SELECT $1, $2, message_seq, 'user', $3, $4, $5, $6, 'queued' FROM counted)
  SELECT message_seq AS seq, event_seq AS after, pg_notify('${CHANNELS.outbox}', '') FROM counted`;
const SAME = `SELECT id, seq, content, coalesce((SELECT max(seq) FROM thread_events WHERE thread_id = $1
    AND seq < (SELECT min(seq) FROM thread_events e WHERE e.message_id = m.id)), 0) AS after
  FROM thread_messages m WHERE thread_id = $1 AND client_id = $2`;
const LOOK = `WITH boxed AS (INSERT INTO outbox (kind, run_id) VALUES ('thread', $1))
  SELECT pg_notify('${CHANNELS.outbox}', '')`;
const STATUS = `UPDATE threads SET status = $2, updated_at = now() WHERE id = $1`;

const RECALL = `WITH said AS (SELECT * FROM json_to_recordset($2::json)
      AS r(id uuid, seq int, role text, content text, speaker text, reply_to uuid)),
  put AS (INSERT INTO thread_messages (id, thread_id, seq, role, content, speaker, reply_to, status, ended_at)
    SELECT id, $1, seq, role, content, speaker, reply_to, 'done', now() FROM said)
  UPDATE threads SET message_seq = (SELECT max(seq) FROM said) WHERE id = $1`;

/** What people do in threads: they send messages, and stop, pause and resume what is going on. */
export class ThreadMessages {
  constructor(
    private readonly dataSource: DataSource,
    private readonly threads: Pick<ThreadService, 'find'>,
    private readonly cancelService: Pick<CancelService, 'cancel'>,
    private readonly runControl: Pick<RunControl, 'pause' | 'resume'>,
  ) {}

  /**
   * Accepts a message. It is answered by a run, after the messages before it.
   * @throws MissionError `input_invalid`, `too_large`, `too_many_requests`, `not_found`, `conflict` when the thread is
   * closed, or busy and its rule is `reject`
   */
  async post(principal: Principal, id: string, request: PostMessage): Promise<PostedMessage> {
    const content = contentOf(request.message);
    await this.threads.find(principal, id);
    const { posted, replaced } = await this.dataSource.transaction(async (tx) => {
      await tx.query(LOCK, [id]);
      const known = await repeated(tx, id, request.client_id, content);
      if (known) return { posted: known, replaced: [] };
      const thread = (await threadOf(tx, id))!;
      refuseClosed(thread);
      const open = await openMessages(tx, id);
      if (open.length >= MAX_WAITING) throw full(id);
      const policy = policyOf(request.on_busy) ?? thread.on_busy;
      if (open.length > 0 && policy === 'reject') throw busy(id);
      const gives = open.length > 0 && policy !== 'enqueue';
      if (gives && policy === 'rollback') await markRollback(tx, open);
      const posted = await insert(tx, id, {
        content,
        speaker: principal.actor,
        rights: rightsOf(principal),
        client_id: request.client_id ?? null,
      });
      return { posted, replaced: gives ? open : [] };
    });
    for (const message of replaced) await this.stop(message, principal, 'a newer message came');
    return posted;
  }

  /** Takes over what was said elsewhere before, where nothing was said in the thread yet. */
  async recall(id: string, history: readonly { role: string; text: string }[]): Promise<void> {
    if (history.length === 0) return;
    await this.dataSource.transaction(async (tx) => {
      const [thread] = await tx.query<ThreadRow[]>(
        'SELECT * FROM threads WHERE id = $1 FOR UPDATE',
        [id],
      );
      if (!thread || thread.message_seq > 0) return;
      await tx.query(RECALL, [id, JSON.stringify(recalled(history, thread))]);
    });
  }

  /** Stops the answer that is being given, and drops the messages that wait. The thread stays open unless `close` is set. */
  async cancel(principal: Principal, id: string, { close = false } = {}): Promise<number> {
    await this.threads.find(principal, id);
    const open = await openMessages(this.dataSource, id);
    if (close) await this.dataSource.query(STATUS, [id, 'cancelled']);
    for (const message of open.reverse())
      await this.stop(message, principal, 'the thread was cancelled');
    await this.look(id);
    return open.length;
  }

  /** Begins no further answer, and pauses the run of the present one. */
  async pause(principal: Principal, id: string): Promise<void> {
    refuseClosed(await this.threads.find(principal, id));
    await this.dataSource.query(STATUS, [id, 'paused']);
    await this.onRun(id, (run) => this.runControl.pause(run, principal.actor));
  }

  async resume(principal: Principal, id: string): Promise<void> {
    refuseClosed(await this.threads.find(principal, id));
    await this.dataSource.query(STATUS, [id, 'running']);
    await this.onRun(id, (run) => this.runControl.resume(run, principal.actor));
    await this.look(id);
  }

  private async onRun(id: string, act: (run: string) => Promise<unknown>): Promise<void> {
    for (const { run_id } of await openMessages(this.dataSource, id))
      if (run_id !== null) await ignoringConflict(() => act(run_id));
  }

  private async stop(
    { id }: ThreadMessageRow,
    { actor }: Principal,
    reason: string,
  ): Promise<void> {
    const message = await messageOf(this.dataSource, id);
    if (message?.status === 'queued') await settleMessage(this.dataSource, message, CANCELLED);
    else if (message?.status === 'running')
      await ignoringConflict(() => this.cancelService.cancel(message.run_id!, { actor, reason }));
  }

  private look(id: string): Promise<unknown> {
    return this.dataSource.query(LOOK, [id]);
  }
}

/** Messages of a history as rows; each answer belongs to the message before it. */
function recalled(history: readonly { role: string; text: string }[], thread: ThreadRow) {
  let asked: string | null = null;
  return history.map(({ role, text }, index) => {
    const id = randomUUID();
    const isUser = role === 'user';
    const reply_to: string | null = isUser ? null : asked;
    asked = isUser ? id : null;
    return {
      id,
      seq: index + 1,
      role: isUser ? 'user' : 'assistant',
      content: plainText(text.slice(0, MAX_CHARACTERS)),
      speaker: isUser ? thread.owner : thread.directive_name,
      reply_to,
    };
  });
}

const CANCELLED = {
  status: 'cancelled',
  error: { code: 'cancelled', message: 'The message was cancelled.' },
  text: '',
};

async function repeated(
  tx: EntityManager,
  id: string,
  clientId: string | undefined,
  content: string,
): Promise<PostedMessage | undefined> {
  if (clientId === undefined) return undefined;
  const [row] = await tx.query<{ id: string; seq: number; content: string; after: number }[]>(
    SAME,
    [id, clientId],
  );
  if (!row) return undefined;
  if (row.content !== content)
    throw new MissionError(
      'conflict',
      `The client_id ${clientId.slice(0, 100)} was already used for another message. Use a new one.`,
    );
  return { thread_id: id, message_id: row.id, seq: row.seq, after: row.after };
}

async function insert(
  tx: EntityManager,
  id: string,
  message: Pick<ThreadMessageRow, 'content' | 'speaker' | 'rights' | 'client_id'>,
): Promise<PostedMessage> {
  const messageId = randomUUID();
  const [row] = await tx.query<{ seq: number; after: number }[]>(INSERT, [
    messageId,
    id,
    message.content,
    message.speaker,
    message.rights === null ? null : JSON.stringify(message.rights),
    message.client_id,
  ]);
  return { thread_id: id, message_id: messageId, seq: row!.seq, after: row!.after };
}

const markRollback = (tx: EntityManager, open: readonly ThreadMessageRow[]) =>
  tx.query('UPDATE thread_messages SET rollback = true WHERE id = ANY($1)', [
    open.map(({ id }) => id),
  ]);

function contentOf(message: unknown): string {
  if (typeof message !== 'string' || message.trim() === '')
    throw new MissionError('input_invalid', '"message" must be a text that is not empty.');
  if (message.length <= MAX_CHARACTERS) return plainText(message);
  const text = `The message has ${message.length} characters, more than ${MAX_CHARACTERS}. Put it into a file of the project and name the file.`;
  throw new MissionError('too_large', text);
}

function policyOf(wanted: string | undefined): BusyPolicy | undefined {
  if (wanted === undefined) return undefined;
  const policy = BUSY_POLICIES.find((each) => each === wanted);
  if (policy) return policy;
  const text = `on_busy is ${JSON.stringify(wanted).slice(0, 50)}; it must be one of ${BUSY_POLICIES.join(', ')}.`;
  throw new MissionError('input_invalid', text);
}

/** A thread that is closed because nobody used it goes on with the next message; one that was closed by its end does not. */
function refuseClosed({ id, status, mode }: ThreadRow): void {
  const over = status === 'cancelled' || status === 'error';
  if (!over && !(status === 'completed' && mode === 'single_shot')) return;
  throw new MissionError('conflict', `The thread ${id} is closed (${status}). Open a new one.`);
}

const full = (id: string) =>
  new MissionError(
    'too_many_requests',
    `${MAX_WAITING} messages wait in the thread ${id} already.`,
  );

const busy = (id: string) =>
  new MissionError('conflict', `The thread ${id} is answering another message.`);

async function ignoringConflict(act: () => Promise<unknown>): Promise<void> {
  await act().catch((error: unknown) => {
    if (!(error instanceof MissionError) || error.code !== 'conflict') throw error;
  });
}
