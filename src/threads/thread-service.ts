import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { Plan } from '../contracts/plan.js';
import {
  BUSY_POLICIES,
  MEMORY_STRATEGIES,
  THREAD_MODES,
  type BusyPolicy,
  type ThreadMode,
} from '../contracts/thread.js';
import { checkInputs } from '../language/inputs/check-inputs.js';
import { planHash } from '../language/plan/plan-hash.js';
import type { CheckedDirective, DirectiveRegistry } from '../kernel/directive-registry.js';
import type { ThreadMessageRow } from '../platform/database/entities/threads/thread-message.row.js';
import type { ThreadRow } from '../platform/database/entities/threads/thread.row.js';
import type { ThreadMemoryRow } from '../platform/database/entities/threads/thread-memory.row.js';
import { latestMemory, undoMemory } from './memory/thread-memory.js';
import { channelProject, checkedProject } from './channel-links.js';
import { forkThread } from './fork-thread.js';
import { threadOf } from './thread-rows.js';

/** The directive that answers where none is named. */
export const DEFAULT_DIRECTIVE = 'intent_handler';
const IDLE_MS = 3_600_000;
const MAX_CHANNEL = 200;
const LABELS: Record<ThreadMode, string> = {
  single_shot: 'oneshot',
  persistent: 'conv',
  scoped: 'scoped',
};

/** What a thread is opened with. */
export interface OpenThread {
  directive?: string | undefined;
  mode?: string | undefined;
  /** A name of the place where people talk; threads of the modes persistent and scoped are found again by it. */
  channel?: string | undefined;
  project_path?: string | undefined;
  platform?: string | undefined;
  inputs?: JsonObject | undefined;
  on_busy?: string | undefined;
  /** What turns read of earlier messages: one of `MEMORY_STRATEGIES`. */
  memory?: string | undefined;
}

const INSERT = `WITH plan AS (
    INSERT INTO directive_plans (hash, name, directive_version, plan, source) VALUES ($4, $2, $3, $5, $6) ON CONFLICT (hash) DO NOTHING),
  opened AS (INSERT INTO threads
    (id, directive_name, directive_version, plan_hash, mode, key, channel, project_path, platform, owner, participants, inputs, on_busy, idle_ms, memory)
    VALUES ($1, $2, $3, $4, $7, $8, $9, $10, $11, $12, ARRAY[$12], $13, $14, $15, $16)
    ON CONFLICT (key) WHERE status NOT IN ('completed', 'error', 'cancelled') DO NOTHING RETURNING id, owner),
  audited AS (INSERT INTO audit_events (actor, action, target, data)
    SELECT owner, 'thread.open', 'thread:' || id, json_build_object('directive', $2::text, 'mode', $7::text) FROM opened)
  SELECT id FROM opened`;
const JOIN = `UPDATE threads SET participants = array_append(array_remove(participants, $2), $2)
  WHERE key = $1 AND status NOT IN ('completed', 'error', 'cancelled') RETURNING *`;
const IDLE = `UPDATE threads SET status = 'completed' WHERE key = $1 AND status IN ('created', 'running')
  AND updated_at < now() - idle_ms * interval '1 millisecond'
  AND NOT EXISTS (SELECT 1 FROM thread_messages m WHERE m.thread_id = threads.id AND m.status IN ('queued', 'running'))`;

/** Opens and finds threads. What is said in them goes through `ThreadMessages`. */
export class ThreadService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: Pick<DirectiveRegistry, 'find' | 'missing'>,
    private readonly projectPath: string,
  ) {}

  /**
   * Opens a thread, or returns the open one of the same user and channel, or of the same channel.
   * @throws MissionError `input_invalid`, `not_found`, `directive_invalid`
   */
  async open(principal: Principal, request: OpenThread): Promise<ThreadRow> {
    const mode = oneOf(THREAD_MODES, request.mode ?? 'persistent', 'mode');
    const onBusy: BusyPolicy = oneOf(BUSY_POLICIES, request.on_busy ?? 'enqueue', 'on_busy');
    const memory = oneOf(MEMORY_STRATEGIES, request.memory ?? 'hierarchical', 'memory');
    const channel = channelOf(request.channel);
    const project = await this.projectOf(mode, channel, request.project_path);
    const platform = request.platform ?? 'generic';
    const { plan, text } = await this.planFor(request.directive, platform, request.inputs ?? {});
    const key = keyOf(mode, channel, principal.actor);
    if (key !== null) await this.dataSource.query(IDLE, [key]);
    const id = `${LABELS[mode]}_${randomBytes(16).toString('hex')}`;
    const [opened] = await this.dataSource.query<{ id: string }[]>(INSERT, [
      id,
      plan.name,
      plan.directive_version,
      planHash(plan),
      JSON.stringify(plan),
      text,
      mode,
      key,
      channel,
      project,
      platform,
      principal.actor,
      JSON.stringify(request.inputs ?? {}),
      onBusy,
      IDLE_MS,
      memory,
    ]);
    if (opened) return (await threadOf(this.dataSource, opened.id))!;
    const [[joined]]: [ThreadRow[]] = await this.dataSource.query(JOIN, [key, principal.actor]);
    return joined ?? this.open(principal, request);
  }

  /**
   * A thread of the caller's.
   * @throws MissionError `not_found`, also for a thread of somebody else
   */
  async find(principal: Principal, id: string): Promise<ThreadRow> {
    const thread = await threadOf(this.dataSource, id);
    if (thread?.participants.includes(principal.actor)) return thread;
    throw new MissionError('not_found', `There is no thread ${id.slice(0, 100)}.`);
  }

  /** The caller's threads, newest first, at most 100. */
  list(principal: Principal, first = 20): Promise<ThreadRow[]> {
    return this.dataSource.query(
      'SELECT * FROM threads WHERE participants @> ARRAY[$1] ORDER BY created_at DESC, id LIMIT $2',
      [principal.actor, Math.min(Math.max(first, 1), 100)],
    );
  }

  /** A new thread of the caller's, with what was said up to a message. */
  async fork(principal: Principal, id: string, seq: number): Promise<ThreadRow> {
    return forkThread(this.dataSource, await this.find(principal, id), seq, principal.actor);
  }

  /** What a thread of the caller's remembers; undefined when it is nothing. */
  async memory(principal: Principal, id: string): Promise<ThreadMemoryRow | undefined> {
    await this.find(principal, id);
    return latestMemory(this.dataSource, id);
  }

  /**
   * Takes back the latest compaction of a thread of the caller's; turns read
   * those messages again. Returns the sequence up to which it went.
   * @throws MissionError `conflict` when nothing was condensed
   */
  async undoCompaction(principal: Principal, id: string): Promise<number> {
    await this.find(principal, id);
    const upto = await undoMemory(this.dataSource, id);
    if (upto !== undefined) return upto;
    throw new MissionError(
      'conflict',
      'Nothing of this thread was condensed, or all of it was taken back.',
    );
  }

  /** The last messages of a thread, oldest first. `before`: only those with a lower sequence. */
  async messages(
    principal: Principal,
    id: string,
    { before, first = 50 }: { before?: number; first?: number } = {},
  ): Promise<ThreadMessageRow[]> {
    await this.find(principal, id);
    const rows = await this.dataSource.query<ThreadMessageRow[]>(
      'SELECT * FROM thread_messages WHERE thread_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3',
      [id, before ?? 2 ** 31 - 1, Math.min(Math.max(first, 1), 100)],
    );
    return rows.reverse();
  }

  private async projectOf(
    mode: ThreadMode,
    channel: string | null,
    wanted: string | undefined,
  ): Promise<string | null> {
    if (mode !== 'scoped' && wanted !== undefined) return this.checkedPath(wanted);
    if (mode !== 'scoped')
      return channel === null ? null : ((await channelProject(this.dataSource, channel)) ?? null);
    if (channel === null)
      throw new MissionError('input_invalid', 'A scoped thread needs a channel.');
    const linked = await channelProject(this.dataSource, channel);
    if (linked === undefined)
      throw new MissionError(
        'input_invalid',
        `The channel ${channel} is not linked to a project. Link it with /link PATH.`,
      );
    return linked;
  }

  private checkedPath(path: string): string {
    return checkedProject(this.projectPath, path);
  }

  private async planFor(
    wanted: string | undefined,
    platform: string,
    inputs: JsonObject,
  ): Promise<{ plan: Plan; text: string }> {
    const names = wanted === undefined ? [variantFor(platform), DEFAULT_DIRECTIVE] : [wanted];
    for (const name of names) {
      const found = await this.registry.find(name, null);
      if (!found) continue;
      if (!found.plan) throw mistaken(found);
      if (!found.plan.steps.some(({ kind }) => kind === 'llm'))
        throw invalid(`The directive ${name} talks to no model: run it instead.`);
      checkThreadInputs(found.plan, inputs);
      return { plan: found.plan, text: found.text };
    }
    const name = names.at(-1)!;
    const hint = await this.registry.missing(name);
    throw new MissionError('not_found', `There is no directive ${name}${hint ? `: ${hint}` : '.'}`);
  }
}

function mistaken({ name, diagnostics }: CheckedDirective): MissionError {
  const [first] = diagnostics.filter(({ severity }) => severity === 'error');
  const where = first ? `: ${first.line}:${first.column} ${first.message}` : '.';
  return invalid(`The directive ${name} has mistakes${where}`);
}

const invalid = (text: string) => new MissionError('directive_invalid', text);

const variantFor = (platform: string): string =>
  ['discord', 'slack', 'api'].includes(platform)
    ? `${DEFAULT_DIRECTIVE}_${platform}`
    : DEFAULT_DIRECTIVE;

/** Inputs that every message brings are not asked for. */
function checkThreadInputs(plan: Plan, inputs: JsonObject): void {
  const { request } = plan.inputs;
  const sample = request === undefined ? inputs : { ...inputs, request: '-' };
  const { problems } = checkInputs(plan.inputs, sample);
  if (problems.length === 0) return;
  const text = problems.map(({ message }) => message).join('; ');
  throw new MissionError('input_invalid', `The inputs of ${plan.name} are invalid: ${text}`);
}

function channelOf(channel: string | undefined): string | null {
  if (channel === undefined || channel === '') return null;
  if (channel.length <= MAX_CHANNEL) return channel;
  throw new MissionError('input_invalid', `channel is longer than ${MAX_CHANNEL} characters.`);
}

function keyOf(mode: ThreadMode, channel: string | null, actor: string): string | null {
  if (channel === null || mode === 'single_shot') return null;
  return mode === 'scoped' ? `scoped:${channel}` : `persistent:${actor}:${channel}`;
}

function oneOf<T extends string>(values: readonly T[], value: string, name: string): T {
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  const text = `${name} is ${JSON.stringify(value).slice(0, 50)}; it must be one of ${values.join(', ')}.`;
  throw new MissionError('input_invalid', text);
}
