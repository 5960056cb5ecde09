import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../../../contracts/json/json.js';
import type {
  BusyPolicy,
  MemoryStrategy,
  ThreadMode,
  ThreadStatus,
} from '../../../../contracts/thread.js';

/** A conversation. Its workflow has the id `thread-` and the thread's id. */
@Entity('threads')
@Index('idx_threads_page', ['created_at', 'id'])
@Index('idx_threads_owner', ['owner'])
@Index('idx_threads_key', ['key'], {
  unique: true,
  where: `status NOT IN ('completed', 'error', 'cancelled')`,
})
export class ThreadRow {
  /** A readable label and 128 random bits. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  directive_name: string;

  @Column({ type: 'text' })
  directive_version: string;

  /** The Plan that answers every message, even if the directive changes. */
  @Column({ type: 'text' })
  plan_hash: string;

  @Column({ type: 'text' })
  mode: ThreadMode;

  /** `persistent:<user>:<channel>` or `scoped:<channel>`: at most one open thread has it. */
  @Column({ type: 'text', nullable: true })
  key: string | null;

  @Column({ type: 'text', nullable: true })
  channel: string | null;

  @Column({ type: 'text', nullable: true })
  project_path: string | null;

  @Column({ type: 'text' })
  platform: string;

  @Column({ type: 'text' })
  owner: string;

  /** Names of everybody who opened the thread; only they may read it. */
  @Column({ type: 'text', array: true })
  participants: string[];

  /** Inputs for the run of each message, beside the message itself. */
  @Column({ type: 'json' })
  inputs: JsonObject;

  @Column({ type: 'text', default: 'created' })
  status: ThreadStatus;

  @Column({ type: 'text', default: 'enqueue' })
  on_busy: BusyPolicy;

  /** What turns read of earlier messages. */
  @Column({ type: 'text', default: 'hierarchical' })
  memory: MemoryStrategy;

  /** Milliseconds without a message after which the thread is closed; null = never. */
  @Column({ type: 'integer', nullable: true })
  idle_ms: number | null;

  /** The sequence of the last message. */
  @Column({ type: 'integer', default: 0 })
  message_seq: number;

  /** The sequence of the last event. */
  @Column({ type: 'integer', default: 0 })
  event_seq: number;

  /** The token of the turn that may write text: a writer with another one was replaced. */
  @Column({ type: 'text', nullable: true })
  writer: string | null;

  /** The thread from which this one was forked. */
  @Column({ type: 'text', nullable: true })
  forked_from: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  updated_at: Date;
}
