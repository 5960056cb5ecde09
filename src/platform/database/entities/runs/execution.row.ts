import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { StepError } from '../../../../contracts/errors.js';
import type { ExecutionStatus, Trigger } from '../../../../contracts/execution.js';
import type { Json, JsonObject } from '../../../../contracts/json/json.js';
import type { RunBounds, Spent } from '../../../../contracts/run/spent.js';
import type { OnFull } from '../../../../contracts/plan.js';
import { OPEN_CONDITION } from '../../sql/run-sql.js';
import { FeedRow } from '../../sql/columns.js';

/** One run of a directive. Its Temporal workflow id is `id`. */
@Entity('directive_executions')
@Index('idx_directive_executions_name', ['directive_name'])
@Index('idx_directive_executions_status', ['status'])
@Index('idx_directive_executions_feed', ['xid', 'seq'])
@Index('idx_directive_executions_page', ['created_at', 'id'])
@Index('idx_directive_executions_parent', ['parent_id'])
@Index('idx_directive_executions_slot', ['slot_key'], { where: 'slot_key IS NOT NULL' })
@Index('idx_directive_executions_queue', ['created_at', 'id'], {
  where: `slot_key IS NOT NULL AND NOT slot_held AND ${OPEN_CONDITION}`,
})
@Index('idx_directive_executions_key', ['actor', 'idempotency_key'], { unique: true })
export class ExecutionRow extends FeedRow {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  directive_name: string;

  @Column({ type: 'text' })
  directive_version: string;

  @Column({ type: 'text' })
  plan_hash: string;

  @Column({ type: 'text' })
  triggered_by: Trigger;

  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'json' })
  inputs: JsonObject;

  @Column({ type: 'json', nullable: true })
  result: Json;

  @Column({ type: 'text', default: 'pending' })
  status: ExecutionStatus;

  @Column({ type: 'text', nullable: true })
  error_message: string | null;

  @Column({ type: 'json', nullable: true })
  error: StepError | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  started_at: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  completed_at: Date | null;

  @Column({ type: 'double precision', nullable: true })
  duration_ms: number | null;

  @Column({ type: 'text', nullable: true })
  parent_id: string | null;

  @Column({ type: 'text' })
  root_id: string;

  @Column({ type: 'text', nullable: true })
  rerun_of: string | null;

  /** Of a child run: what its parent left it. */
  @Column({ type: 'json', nullable: true })
  bounds: RunBounds | null;

  /** What it used of its limits, its children's share included; null while it runs. */
  @Column({ type: 'json', nullable: true })
  spent: Spent | null;

  /** What it shares with the runs beside which it may or may not be under way; null = nothing. */
  @Column({ type: 'text', nullable: true })
  slot_key: string | null;

  @Column({ type: 'integer', nullable: true })
  slot_limit: number | null;

  @Column({ type: 'text', nullable: true })
  slot_on_full: OnFull | null;

  /** It may begin, or has. */
  @Column({ type: 'boolean', default: false })
  slot_held: boolean;

  @Column({ type: 'text', nullable: true })
  idempotency_key: string | null;

  /** Temporal's id of the first run in the chain; null until it was started. */
  @Column({ type: 'text', nullable: true })
  workflow_run_id: string | null;

  /** Temporal's id of its workflow; null until it was started, and of older runs, whose own id it is. */
  @Column({ type: 'text', nullable: true })
  workflow_id: string | null;

  @Column({ type: 'boolean', default: false })
  cancel_requested: boolean;

  /** How often it was paused or resumed; odd = it is paused. */
  @Column({ type: 'integer', default: 0 })
  pauses: number;

  @Column({ type: 'text', nullable: true })
  cancel_reason: string | null;

  /** When a run whose cancellation was asked for is ended without its help. */
  @Column({ type: 'timestamptz', nullable: true })
  cancel_due_at: Date | null;

  /** It did not end by itself: what it still did was cut off. */
  @Column({ type: 'boolean', default: false })
  ended_hard: boolean;

  /** Temporal's id of the run that wrote the end: another one of the same workflow goes on after a reset. */
  @Column({ type: 'text', nullable: true })
  ended_run_id: string | null;

  /** Where a re-run begins: `{step, iteration}`; null = at its beginning. */
  @Column({ type: 'json', nullable: true })
  rerun_from: Json;

  /** What a re-run knows before it begins, by reference when that is long; of a shadow, what it is to repeat. */
  @Column({ type: 'json', nullable: true })
  seed: Json;

  /** The run whose recorded results answer this one: it does nothing outside. */
  @Column({ type: 'text', nullable: true })
  shadow_of: string | null;
}
