import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Work for a dispatcher, written in the transaction that accepted it. */
@Entity('outbox')
@Index('idx_outbox_starts', ['due_at', 'id'], { where: `kind = 'start'` })
@Index('idx_outbox_orders', ['due_at', 'id'], { where: `kind <> 'start'` })
export class OutboxRow {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'text' })
  kind: 'start' | 'cancel' | 'terminate' | 'messages' | 'thread';

  /** The run that the row is about; for the kind `thread` the thread. */
  @Column({ type: 'text' })
  run_id: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  /** The time from which the row may be claimed. A dispatcher that claims the row moves the time forward, as its lease. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  due_at: Date;

  @Column({ type: 'integer', default: 0 })
  attempts: number;

  @Column({ type: 'text', nullable: true })
  last_error: string | null;
}
