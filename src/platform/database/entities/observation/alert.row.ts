import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** An alert for people. */
@Entity('alerts')
@Index('idx_alerts_page', ['created_at', 'id'])
@Index('idx_alerts_unmatched', ['created_at'], { where: 'matched_at IS NULL' })
export class AlertRow {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text' })
  severity: 'info' | 'warning' | 'critical';

  @Column({ type: 'text' })
  message: string;

  /** The thing that the alert is about, such as `mcp:everything`. */
  @Column({ type: 'text' })
  subject: string;

  @Column({ type: 'json', nullable: true })
  data: Json;

  @Column({ type: 'text', nullable: true })
  run_id: string | null;

  @Column({ type: 'text', default: 'open' })
  status: 'open' | 'resolved';

  /** A key under which an alert is written only once, such as the idempotency key of a step. */
  @Column({ type: 'text', nullable: true, unique: true })
  idempotency_key: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  /** When automations were told of it; null = not yet. */
  @Column({ type: 'timestamptz', nullable: true })
  matched_at: Date | null;
}
