import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { StepError } from '../../../../contracts/errors.js';
import type { StepStatus } from '../../../../contracts/execution.js';
import type { Json } from '../../../../contracts/json/json.js';
import type { ShownProgress } from '../../../../contracts/run/place.js';
import { FeedRow } from '../../sql/columns.js';

/** The step journal: one row for each step and iteration, with the latest attempt. The first end of an attempt wins. */
@Entity('execution_steps')
@Index('idx_execution_steps_feed', ['xid', 'seq'])
export class StepRow extends FeedRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  @PrimaryColumn({ type: 'text' })
  path: string;

  @PrimaryColumn({ type: 'text', default: '' })
  iteration: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text' })
  status: StepStatus;

  @Column({ type: 'integer', default: 1 })
  attempt: number;

  @Column({ type: 'boolean', default: false })
  fused: boolean;

  /** The fence of an own step. Every start raises it, and a write under an older fence fails. */
  @Column({ type: 'integer', default: 0 })
  fence: number;

  @Column({ type: 'json', nullable: true })
  inputs: Json;

  @Column({ type: 'json', nullable: true })
  result: Json;

  @Column({ type: 'json', nullable: true })
  error: StepError | null;

  /** The values that the expressions of the step's compensation read; null = the step has no compensation. */
  @Column({ type: 'json', nullable: true })
  undo: Json;

  /** The last progress that the step reported. */
  @Column({ type: 'json', nullable: true })
  progress: ShownProgress | null;

  @Column({ type: 'timestamptz', nullable: true })
  started_at: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  completed_at: Date | null;

  @Column({ type: 'double precision', nullable: true })
  duration_ms: number | null;

  /** The run that executed the step, when a re-run or shadow run took its result over; null = this run. */
  @Column({ type: 'text', nullable: true })
  reused_from: string | null;
}
