import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { StepError } from '../../../../contracts/errors.js';
import type { StepStatus } from '../../../../contracts/execution.js';
import type { Json } from '../../../../contracts/json/json.js';
import type { ShownProgress } from '../../../../contracts/run/place.js';
import { FeedRow } from '../../sql/columns.js';

/** The step journal: one row per step and iteration, the latest attempt. Terminal rows are first-wins. */
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

  /** For an own step: raised by every start; a commit under an older fence is refused. */
  @Column({ type: 'integer', default: 0 })
  fence: number;

  @Column({ type: 'json', nullable: true })
  inputs: Json;

  @Column({ type: 'json', nullable: true })
  result: Json;

  @Column({ type: 'json', nullable: true })
  error: StepError | null;

  /** What its compensation would read; null = it has none. */
  @Column({ type: 'json', nullable: true })
  undo: Json;

  /** How far it is, or was when it last said so. */
  @Column({ type: 'json', nullable: true })
  progress: ShownProgress | null;

  @Column({ type: 'timestamptz', nullable: true })
  started_at: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  completed_at: Date | null;

  @Column({ type: 'double precision', nullable: true })
  duration_ms: number | null;

  /** The run that did this; null = this run itself. */
  @Column({ type: 'text', nullable: true })
  reused_from: string | null;
}
