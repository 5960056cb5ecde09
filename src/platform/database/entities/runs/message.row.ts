import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';
import type { MessageKind } from '../../../../contracts/message.js';

/** A message to a run. A dispatcher delivers it to the workflow as a Temporal signal. */
@Entity('run_messages')
@Index('idx_run_messages_run', ['run_id', 'id'])
export class MessageRow {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'text' })
  run_id: string;

  @Column({ type: 'text' })
  kind: MessageKind;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'json', nullable: true })
  payload: Json;

  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  delivered_at: Date | null;
}
