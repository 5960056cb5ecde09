import { SLOTS_HINT } from '../contracts/engine.js';
import { audited } from '../platform/database/sql/audited.js';
import { notify } from '../platform/database/sql/notify.js';
import { literal, sql, type Sql } from '../platform/database/sql/sql.js';
import { Statement } from '../platform/database/sql/statement.js';
import type { RunRow } from './to-execution.js';

const RUN_COLUMNS = sql`id, directive_name, directive_version, plan_hash, status, triggered_by, actor, inputs, result,
  error, created_at, started_at, completed_at, duration_ms, parent_id, root_id, rerun_of`;

/** The values of a run that is accepted. */
export interface AcceptedRun {
  id: string;
  name: string;
  version: string;
  hash: string;
  /** JSON; null = the Plan is stored already. */
  plan: string | null;
  source: string;
  trigger: string;
  actor: string;
  /** JSON, like `bounds`, `rerunFrom` and `seed`. */
  inputs: string;
  key: string | null;
  parent: string | null;
  bounds: string | null;
  rerunOf: string | null;
  rerunFrom: string | null;
  seed: string | null;
  shadowOf: string | null;
  slotKey: string | null;
  slotLimit: number | null;
  slotOnFull: string | null;
  thread: string | null;
  message: string | null;
  /** JSON, like `cause` and `chain`. */
  rights: string | null;
  cause: string | null;
  /** Who allowed the start. */
  chain: string;
  reason: string;
}

/** SQL: true when the parent is paused. Its new child is then accepted as paused, too. */
const parentPaused = (parent: unknown): Sql =>
  sql`coalesce((SELECT pauses % 2 = 1 FROM directive_executions WHERE id = ${parent}), false)`;

/** Writes the run, its Plan, its outbox row, its audit row and the check of its right in one statement, so that none of them can be lost alone. */
export const ACCEPT = new Statement<RunRow, AcceptedRun>(
  'run.accept',
  (p) => sql`WITH plan AS (
    INSERT INTO directive_plans (hash, name, directive_version, plan, source)
    SELECT ${p.hash}, ${p.name}, ${p.version}, ${p.plan}, ${p.source} WHERE ${p.plan}::json IS NOT NULL
    ON CONFLICT (hash) DO NOTHING),
  run AS (INSERT INTO directive_executions
      (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, idempotency_key, parent_id, bounds,
       rerun_of, rerun_from, seed, shadow_of, slot_key, slot_limit, slot_on_full, thread_id, message_id, cause, rights, pauses, status, root_id)
    VALUES (${p.id}, ${p.name}, ${p.version}, ${p.hash}, ${p.trigger}, ${p.actor}, ${p.inputs}, ${p.key}, ${p.parent}, ${p.bounds},
      ${p.rerunOf}, ${p.rerunFrom}, ${p.seed}, ${p.shadowOf}, ${p.slotKey}, ${p.slotLimit}, ${p.slotOnFull}, ${p.thread}, ${p.message}, ${p.cause},
      CASE WHEN ${p.parent}::text IS NULL THEN ${p.rights}::json ELSE (SELECT rights FROM directive_executions WHERE id = ${p.parent}) END,
      ${parentPaused(p.parent)}::int, CASE WHEN ${parentPaused(p.parent)} THEN 'paused' ELSE 'pending' END,
      coalesce((SELECT root_id FROM directive_executions WHERE id = ${p.parent}), ${p.id}))
    ON CONFLICT (actor, idempotency_key) DO NOTHING RETURNING ${RUN_COLUMNS}),
  box AS (INSERT INTO outbox (kind, run_id) SELECT 'start', id FROM run WHERE ${p.slotKey}::text IS NULL),
  audited AS (${audited({
    actor: sql`actor`,
    action: sql`CASE WHEN ${p.rerunOf} IS NOT NULL THEN 'execution.rerun' WHEN ${p.shadowOf} IS NOT NULL THEN 'execution.shadow' ELSE 'execution.start' END`,
    target: sql`'execution:' || id`,
    data: sql`json_strip_nulls(json_build_object('directive', directive_name, 'version', directive_version, 'rerun_of', ${p.rerunOf}::text,
      'from', ${p.rerunFrom}::json, 'shadow_of', ${p.shadowOf}::text))`,
    once: literal(''),
    from: sql`run`,
  })}),
  checked AS (INSERT INTO permission_checks (run_id, actor, action, target, permission, allowed, chain, reason)
    SELECT id, actor, 'start', 'directive:' || directive_name, 'execute:directives:' || directive_name, true, ${p.chain}::json, ${p.reason}::text FROM run)
  SELECT run.*, ${notify('outbox', sql`CASE WHEN ${p.slotKey}::text IS NULL THEN '' ELSE ${literal(SLOTS_HINT)} END`)} FROM run`,
);
