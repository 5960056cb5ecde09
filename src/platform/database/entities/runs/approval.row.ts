import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ApprovalStatus, Decision, Vote } from '../../../../contracts/run/approval.js';
import type { Json } from '../../../../contracts/json/json.js';
import type { InputSpec } from '../../../../contracts/plan.js';

/** An approval that an `approve` step asks for. */
@Entity('approvals')
@Index('idx_approvals_page', ['requested_at', 'id'])
@Index('idx_approvals_step', ['run_id', 'path', 'iteration'], { unique: true })
export class ApprovalRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  run_id: string;

  @Column({ type: 'text' })
  path: string;

  @Column({ type: 'text' })
  iteration: string;

  @Column({ type: 'text' })
  step: string;

  @Column({ type: 'text' })
  description: string;

  /** The actors and roles that may approve; empty = all who hold the right. */
  @Column({ type: 'json' })
  who: string[];

  @Column({ type: 'integer' })
  quorum: number;

  @Column({ type: 'boolean' })
  self_approval: boolean;

  /** The specification of the fields that an approver fills in. */
  @Column({ type: 'json' })
  form: Record<string, InputSpec>;

  /** The steps that the approval guards, with their targets and arguments; a reference when it is large. */
  @Column({ type: 'json', nullable: true })
  shows: Json;

  /** SHA-256 of what is asked; null in rows of older versions. */
  @Column({ type: 'text', nullable: true })
  hash: string | null;

  @Column({ type: 'json', default: '[]' })
  votes: Vote[];

  @Column({ type: 'text', default: 'pending' })
  status: ApprovalStatus;

  @Column({ type: 'text', nullable: true })
  decision: Decision | null;

  @Column({ type: 'json', nullable: true })
  answers: Json;

  @Column({ type: 'text', nullable: true })
  decided_by: string | null;

  @Column({ type: 'text', nullable: true })
  comment: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  requested_at: Date;

  @Column({ type: 'timestamptz' })
  expires_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  decided_at: Date | null;
}
