import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RunCause } from '../../../../contracts/run/automation.js';
import type { StepError } from '../../../../contracts/errors.js';
import type { ExecutionStatus, Trigger } from '../../../../contracts/execution.js';
import type { Json, JsonObject } from '../../../../contracts/json/json.js';
import type { RunBounds, Spent } from '../../../../contracts/run/spent.js';
import type { OnFull } from '../../../../contracts/plan.js';
import { OPEN_CONDITION } from '../../sql/run-sql.js';
import { FeedRow } from '../../sql/columns.js';

/** One run of a directive. The id of its Temporal workflow is `workflow_id`, or `id` in older runs. */
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
@Index('idx_directive_executions_thread', ['thread_id'], { where: 'thread_id IS NOT NULL' })
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

  /** The rights of the speaker when the run was accepted, for what the run asks of the platform; null = everything. */
  @Column({ type: 'json', nullable: true })
  rights: string[] | null;

  /** The limits, rights and deadline that its parent left to a child run; null for any other run. */
  @Column({ type: 'json', nullable: true })
  bounds: RunBounds | null;

  /** The amounts that the run and its children used of its limits; null while the run is open. */
  @Column({ type: 'json', nullable: true })
  spent: Spent | null;

  /** The evaluated `concurrency.key`: runs with the same key share `slot_limit` slots; null = the run needs no slot. */
  @Column({ type: 'text', nullable: true })
  slot_key: string | null;

  @Column({ type: 'integer', nullable: true })
  slot_limit: number | null;

  @Column({ type: 'text', nullable: true })
  slot_on_full: OnFull | null;

  /** True = the run has been granted a slot, so it may begin or has begun. */
  @Column({ type: 'boolean', default: false })
  slot_held: boolean;

  @Column({ type: 'text', nullable: true })
  idempotency_key: string | null;

  /** The id of the first Temporal run in the chain; null until the workflow was started. */
  @Column({ type: 'text', nullable: true })
  workflow_run_id: string | null;

  /** The id of the Temporal workflow; null until the workflow was started, and in older runs, whose workflow id is `id`. */
  @Column({ type: 'text', nullable: true })
  workflow_id: string | null;

  @Column({ type: 'boolean', default: false })
  cancel_requested: boolean;

  /** The number of pauses and resumes; odd = the run is paused. */
  @Column({ type: 'integer', default: 0 })
  pauses: number;

  @Column({ type: 'text', nullable: true })
  cancel_reason: string | null;

  /** The time at which a cancelled run that has not ended is ended hard. */
  @Column({ type: 'timestamptz', nullable: true })
  cancel_due_at: Date | null;

  /** True = the run was ended hard: its workflow was terminated, and work under way was cut off. */
  @Column({ type: 'boolean', default: false })
  ended_hard: boolean;

  /** The id of the Temporal run that wrote the end. After a reset another run of the same workflow goes on, which reopens this row. */
  @Column({ type: 'text', nullable: true })
  ended_run_id: string | null;

  /** The point at which a re-run begins: `{step, iteration}`; null = at the first step. */
  @Column({ type: 'json', nullable: true })
  rerun_from: Json;

  /** For a re-run: its `Seed`, a reference when it is large. For a shadow run: its `ShadowOrder`. Else null. */
  @Column({ type: 'json', nullable: true })
  seed: Json;

  /** For a shadow run: the recorded run whose results answer its calls. A shadow run has no effects outside. */
  @Column({ type: 'text', nullable: true })
  shadow_of: string | null;

  /** The conversation in which the run was started; null = in none. */
  @Column({ type: 'text', nullable: true })
  thread_id: string | null;

  /** The message that the run answers; null = it answers none. */
  @Column({ type: 'text', nullable: true })
  message_id: string | null;

  /** The automation that started the run; null = none did. Its child runs and what they start have none of their own. */
  @Column({ type: 'json', nullable: true })
  cause: RunCause | null;
}
