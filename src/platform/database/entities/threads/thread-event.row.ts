import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../../../contracts/json/json.js';
import type { ThreadEventType } from '../../../../contracts/thread.js';

/** An event of a thread's stream. The row of the thread gives the sequence, so that events commit in their order. */
@Entity('thread_events')
@Index('idx_thread_events_message', ['message_id', 'seq'])
@Index('idx_thread_events_key', ['thread_id', 'key'], { unique: true })
export class ThreadEventRow {
  @PrimaryColumn({ type: 'text' })
  thread_id: string;

  @PrimaryColumn({ type: 'integer' })
  seq: number;

  @Column({ type: 'uuid' })
  message_id: string;

  @Column({ type: 'text' })
  type: ThreadEventType;

  @Column({ type: 'json' })
  data: JsonObject;

  /** The event is written at most once for its key; null = always written. */
  @Column({ type: 'text', nullable: true })
  key: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;
}
