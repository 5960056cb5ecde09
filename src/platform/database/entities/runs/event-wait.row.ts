import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** A step that waits for an event. */
@Entity('event_waits')
@Index('idx_event_waits_name', ['name'])
export class EventWaitRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  @PrimaryColumn({ type: 'text' })
  path: string;

  @PrimaryColumn({ type: 'text' })
  iteration: string;

  @Column({ type: 'text' })
  name: string;

  /** The JSON that the event's data must contain. */
  @Column({ type: 'jsonb' })
  match: Json;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;
}
