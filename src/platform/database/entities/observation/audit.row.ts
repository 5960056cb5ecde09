import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** The audit log: actor, action and target. Rows are only ever inserted. */
@Entity('audit_events')
@Index('idx_audit_events_target', ['target'])
@Index('idx_audit_events_once', ['action', 'target', 'once'], { unique: true })
export class AuditRow {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at: Date;

  @Column({ type: 'text' })
  actor: string;

  /** The kind of action, such as `execution.start`, `execution.end`, `execution.cancel`. */
  @Column({ type: 'text' })
  action: string;

  /** The object of the action, such as `execution:ID`. */
  @Column({ type: 'text' })
  target: string;

  @Column({ type: 'json', nullable: true })
  data: Json;

  /** A key under which the action is written at most once for its target; null = the action may repeat. */
  @Column({ type: 'text', nullable: true })
  once: string | null;
}
