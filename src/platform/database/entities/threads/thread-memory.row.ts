import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { MemoryFact } from '../../../../contracts/thread.js';

/** What a thread remembers of its messages up to one. The messages themselves are kept. */
@Entity('thread_memories')
@Index('idx_thread_memories_thread', ['thread_id', 'upto_seq'])
export class ThreadMemoryRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  thread_id: string;

  /** The sequence of the last message that it covers. */
  @Column({ type: 'integer' })
  upto_seq: number;

  /** `running`: a run condenses the messages; `failed`: it brought nothing that can be used. */
  @Column({ type: 'text' })
  status: 'running' | 'ready' | 'failed';

  @Column({ type: 'text', default: '' })
  summary: string;

  @Column({ type: 'json' })
  facts: MemoryFact[];

  /** The run that condensed the messages; null = it was made without a model. */
  @Column({ type: 'text', nullable: true })
  run_id: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  /** Set when somebody took it back: turns read the messages again. */
  @Column({ type: 'timestamptz', nullable: true })
  undone_at: Date | null;
}
