import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type {
  ApprovalStatus,
  Decision,
  RequestKind,
  Vote,
} from '../../../../contracts/run/approval.js';
import type { Json } from '../../../../contracts/json/json.js';
import type { InputSpec } from '../../../../contracts/plan.js';

/** What people are asked: an approval, which an `approve` step asks for, or help. */
@Entity('approvals')
@Index('idx_approvals_page', ['requested_at', 'id'])
@Index('idx_approvals_request', ['request_key'], { unique: true })
@Index('idx_approvals_step', ['run_id', 'path', 'iteration'], { unique: true })
export class ApprovalRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text', default: 'approval' })
  kind: RequestKind;

  /** The call of the verb `help` that asks, so that its repetition asks nothing new; such a request outlives its run. */
  @Column({ type: 'text', nullable: true })
  request_key: string | null;

  /** Who asks for help; null = the run. */
  @Column({ type: 'text', nullable: true })
  asked_by: string | null;

  /** The run that asks; null for a client that asks by itself. */
  @Column({ type: 'text', nullable: true })
  run_id: string | null;

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

  /** The comment on a decision, or the answer to a request for help. */
  @Column({ type: 'text', nullable: true })
  comment: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  requested_at: Date;

  /** Null = it stays open until it is answered. */
  @Column({ type: 'timestamptz', nullable: true })
  expires_at: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  decided_at: Date | null;
}
