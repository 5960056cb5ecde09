import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** An event that an `emit` step emitted. */
@Entity('events')
@Index('idx_events_page', ['created_at', 'id'])
@Index('idx_events_unmatched', ['created_at'], { where: 'matched_at IS NULL' })
export class EventRow {
  /** Derived from the step that emitted the event, so that a repetition of the step emits the same event. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'jsonb' })
  data: Json;

  @Column({ type: 'text', nullable: true })
  run_id: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  /** When automations were told of it; null = not yet. */
  @Column({ type: 'timestamptz', nullable: true })
  matched_at: Date | null;
}
