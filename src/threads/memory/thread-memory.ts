import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { isObject, type Json, type JsonObject, textOf } from '../../contracts/json/json.js';
import { KERNEL_ACTOR } from '../../contracts/execution.js';
import { CONDENSING, type MemoryFact, type MemoryStrategy } from '../../contracts/thread.js';
import type { Executor } from '../../kernel/execute.js';
import type { ThreadMemoryRow } from '../../platform/database/entities/threads/thread-memory.row.js';
import type { Blobs } from '../../runs/values/blobs.js';
import { objectsInText } from '../../tools/models/answers/objects-in-text.js';
import { extractMemory, type SaidMessage, type StartedRun } from './extract-memory.js';
import { type Memory, readMemory } from './memory.js';

const DIRECTIVE = 'compact_thread';
/** Messages that turns read in full, whatever is condensed. */
const KEPT = 12;
/** Messages beyond those that are worth a compaction, and the characters that are so as well. */
const WORTH_MESSAGES = 12;
const WORTH_CHARACTERS = 24_000;
/** After each failure twice as many messages must come. */
const MOST_DOUBLINGS = 4;
/** Characters of one message that are condensed. */
const MAX_CONTENT = 4_000;

const THREAD = 'SELECT memory FROM threads WHERE id = $1';
const LATEST = `SELECT * FROM thread_memories WHERE thread_id = $1 AND status = 'ready' AND undone_at IS NULL
  ORDER BY upto_seq DESC, created_at DESC LIMIT 1`;
const RUNNING = `SELECT m.*, e.status AS run_status, e.result, e.completed_at FROM thread_memories m
  LEFT JOIN directive_executions e ON e.id = m.run_id WHERE m.thread_id = $1 AND m.status = 'running'`;
const FAILED = `SELECT count(*)::int AS count FROM thread_memories WHERE thread_id = $1 AND upto_seq > $2
  AND (status = 'failed' OR undone_at IS NOT NULL)`;
const MESSAGES = `SELECT id, seq, role, left(content, ${MAX_CONTENT}) AS content FROM thread_messages
  WHERE thread_id = $1 AND seq > $2 AND status IN ('done', 'error', 'cancelled') ORDER BY seq`;
const RUNS = `SELECT e.directive_name AS directive, e.status, e.inputs,
    (SELECT m.id FROM thread_messages m WHERE m.thread_id = $1 AND m.role = 'user' AND m.created_at <= e.created_at
     ORDER BY m.seq DESC LIMIT 1) AS message_id
  FROM directive_executions e WHERE e.thread_id = $1 AND e.message_id IS NULL AND e.completed_at IS NOT NULL
  ORDER BY e.created_at`;
const INSERT = `INSERT INTO thread_memories (id, thread_id, upto_seq, status, summary, facts, run_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const END = `UPDATE thread_memories SET status = $2, summary = $3, facts = $4 WHERE id = $1 AND status = 'running'`;
const UNDO = `UPDATE thread_memories SET undone_at = now() WHERE id = (SELECT id FROM thread_memories
    WHERE thread_id = $1 AND status = 'ready' AND undone_at IS NULL ORDER BY upto_seq DESC, created_at DESC LIMIT 1)
  RETURNING upto_seq`;

type Said = SaidMessage & { seq: number };
type RunningMemory = ThreadMemoryRow & {
  run_status: string | null;
  result: Json;
  completed_at: Date | null;
};

export interface ThreadMemoryOptions {
  dataSource: DataSource;
  executor: Pick<Executor, 'start'>;
  blobs: Pick<Blobs, 'resolve'>;
  /** False: no model is configured but the built-in one, which condenses nothing. */
  hasModels: boolean;
}

/** The latest memory of a thread that nobody took back. */
export async function latestMemory(
  dataSource: DataSource,
  threadId: string,
): Promise<ThreadMemoryRow | undefined> {
  const [row] = await dataSource.query<ThreadMemoryRow[]>(LATEST, [threadId]);
  return row;
}

/** Takes the latest memory back, so that turns read its messages again; the sequence up to which it went, or undefined. */
export async function undoMemory(
  dataSource: DataSource,
  threadId: string,
): Promise<number | undefined> {
  const [rows] = await dataSource.query<[{ upto_seq: number }[]]>(UNDO, [threadId]);
  return rows[0]?.upto_seq;
}

/** Condenses the older messages of threads. A thread never waits for it: until there is a memory, turns read the last messages. */
export class ThreadMemory {
  constructor(private readonly options: ThreadMemoryOptions) {}

  /** Takes in what was condensed, and has more condensed where that is worth it. Everything here may be repeated. */
  async look(threadId: string): Promise<void> {
    const { dataSource } = this.options;
    const [thread] = await dataSource.query<{ memory: MemoryStrategy }[]>(THREAD, [threadId]);
    if (!thread || !CONDENSING.includes(thread.memory)) return;
    const [running] = await dataSource.query<RunningMemory[]>(RUNNING, [threadId]);
    if (running) await this.takeIn(running);
    else await this.condense(threadId);
  }

  private async takeIn(row: RunningMemory): Promise<void> {
    if (row.completed_at === null && row.run_status !== null) return;
    const memory = row.run_status === 'success' ? await this.answered(row) : undefined;
    const { summary, facts } = memory ?? { summary: '', facts: [] };
    const status = memory ? 'ready' : 'failed';
    await this.options.dataSource.query(END, [row.id, status, summary, JSON.stringify(facts)]);
  }

  private async answered(row: RunningMemory): Promise<Memory | undefined> {
    const result = await this.options.blobs.resolve(row.result);
    const text = isObject(result) && 'text' in result ? textOf(result['text']!) : textOf(result);
    const messages = await this.messages(row.thread_id, 0);
    const known = new Set(messages.filter(({ seq }) => seq <= row.upto_seq).map(({ id }) => id));
    for (const { object } of objectsInText(text)) {
      const memory = readMemory(object, known);
      if (memory) return memory;
    }
    return undefined;
  }

  private async condense(threadId: string): Promise<void> {
    const { dataSource, hasModels } = this.options;
    const before = await latestMemory(dataSource, threadId);
    const messages = await this.messages(threadId, before?.upto_seq ?? 0);
    const old = messages.slice(0, -KEPT);
    const [failed] = await dataSource.query<{ count: number }[]>(FAILED, [
      threadId,
      before?.upto_seq ?? 0,
    ]);
    if (!isWorthIt(old, Math.min(failed!.count, MOST_DOUBLINGS))) return;
    const work = { threadId, before, old };
    await (hasModels ? this.ask(work) : this.extract(work));
  }

  private async extract({ threadId, before, old }: Work): Promise<void> {
    const runs = await this.options.dataSource.query<StartedRun[]>(RUNS, [threadId]);
    const ids = new Set(old.map(({ id }) => id));
    const { summary, facts } = extractMemory(
      before,
      old,
      runs.filter(({ message_id }) => ids.has(message_id)),
    );
    await this.insert(threadId, old, 'ready', { summary, facts, run: null });
  }

  private async ask({ threadId, before, old }: Work): Promise<void> {
    const inputs: JsonObject = {
      messages: old.map(({ id, role, content }) => ({ id, role, text: content })),
      summary: before?.summary ?? '',
      key_facts: (before?.facts ?? []) as unknown as Json,
    };
    const { id } = await this.options.executor.start({
      directive: DIRECTIVE,
      inputs,
      actor: KERNEL_ACTOR,
      idempotencyKey: `memory:${threadId}:${old.at(-1)!.seq}:${old.length}`,
      triggeredBy: 'system',
    });
    await this.insert(threadId, old, 'running', { summary: '', facts: [], run: id });
  }

  private insert(
    threadId: string,
    old: readonly Said[],
    status: ThreadMemoryRow['status'],
    { summary, facts, run }: { summary: string; facts: MemoryFact[]; run: string | null },
  ): Promise<unknown> {
    const upto = old.at(-1)!.seq;
    return this.options.dataSource.query(INSERT, [
      randomUUID(),
      threadId,
      upto,
      status,
      summary,
      JSON.stringify(facts),
      run,
    ]);
  }

  private messages(threadId: string, after: number): Promise<Said[]> {
    return this.options.dataSource.query(MESSAGES, [threadId, after]);
  }
}

interface Work {
  threadId: string;
  before: ThreadMemoryRow | undefined;
  old: Said[];
}

function isWorthIt(old: readonly Said[], doublings: number): boolean {
  const factor = 2 ** doublings;
  const characters = old.reduce((sum, { content }) => sum + content.length, 0);
  return (
    old.length >= WORTH_MESSAGES * factor ||
    (old.length > 0 && characters >= WORTH_CHARACTERS * factor)
  );
}
