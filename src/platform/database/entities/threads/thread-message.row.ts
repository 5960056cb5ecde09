import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { StepError } from '../../../../contracts/errors.js';
import type { Permissions } from '../../../../contracts/permission.js';
import type { ThreadMessageStatus, ThreadRole } from '../../../../contracts/thread.js';

/** A message of a conversation. A user's message is answered by one run. */
@Entity('thread_messages')
@Index('idx_thread_messages_thread', ['thread_id', 'seq'], { unique: true })
@Index('idx_thread_messages_client', ['thread_id', 'client_id'], { unique: true })
@Index('idx_thread_messages_open', ['created_at'], { where: `status IN ('queued', 'running')` })
export class ThreadMessageRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  thread_id: string;

  @Column({ type: 'integer' })
  seq: number;

  @Column({ type: 'text' })
  role: ThreadRole;

  @Column({ type: 'text' })
  content: string;

  /** Who wrote it; the name of the directive for an answer. */
  @Column({ type: 'text' })
  speaker: string;

  /** The speaker's rights when the message was sent; null = everything. */
  @Column({ type: 'json', nullable: true })
  rights: Permissions;

  /** The client's own id of the message: a repetition with the same id is the same message. */
  @Column({ type: 'text', nullable: true })
  client_id: string | null;

  @Column({ type: 'text' })
  status: ThreadMessageStatus;

  /** The run that answers the message, or that gave the answer. */
  @Column({ type: 'text', nullable: true })
  run_id: string | null;

  /** For an answer: the message that it answers. */
  @Column({ type: 'uuid', nullable: true })
  reply_to: string | null;

  @Column({ type: 'integer', default: 0 })
  tokens: number;

  @Column({ type: 'double precision', default: 0 })
  cost_usd: number;

  @Column({ type: 'double precision', nullable: true })
  duration_ms: number | null;

  @Column({ type: 'json', nullable: true })
  error: StepError | null;

  /** True = a later message asked to take this one back; it becomes `rolled_back` when its run has ended. */
  @Column({ type: 'boolean', default: false })
  rollback: boolean;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  ended_at: Date | null;
}
