import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AutomationSpec, TriggerType } from '../../../../contracts/run/automation.js';

/** Something that starts runs by itself. */
@Entity('automations')
@Index('idx_automations_name', ['name'], { unique: true, where: 'deleted_at IS NULL' })
@Index('idx_automations_due', ['next_due_at'], {
  where: 'deleted_at IS NULL AND next_due_at IS NOT NULL',
})
export class AutomationRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  directive_name: string;

  @Column({ type: 'text' })
  trigger_type: TriggerType;

  @Column({ type: 'text', nullable: true })
  schedule: string | null;

  /** The definition; `enabled` in it is what was written, and the column says what is now. */
  @Column({ type: 'jsonb' })
  spec: AutomationSpec;

  /** Who defined it: a client of the API, a file of the project, or a file that ships with Mission Control. */
  @Column({ type: 'text' })
  source: 'api' | 'project' | 'system';

  /** The actor of its runs. */
  @Column({ type: 'text' })
  owner: string;

  /** The rights of the owner when it was defined; null = everything. */
  @Column({ type: 'json', nullable: true })
  rights: string[] | null;

  @Column({ type: 'boolean', default: true })
  enabled: boolean;

  /** Why it is paused; null while it is enabled. */
  @Column({ type: 'text', nullable: true })
  pause_note: string | null;

  @Column({ type: 'text', nullable: true })
  paused_by: string | null;

  /** Raised by each change that its schedule in Temporal must follow. */
  @Column({ type: 'integer', default: 1 })
  version: number;

  /** The version that its schedule in Temporal was confirmed to have; null = none yet. */
  @Column({ type: 'integer', nullable: true })
  synced_version: number | null;

  /** The end of the due times that its schedule in Temporal knows. */
  @Column({ type: 'timestamptz', nullable: true })
  compiled_until: Date | null;

  /** All due times up to here have an occurrence. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  accounted_until: Date;

  /** The first due time after that; null = it has no schedule. */
  @Column({ type: 'timestamptz', nullable: true })
  next_due_at: Date | null;

  /** Runs that failed since the last success. */
  @Column({ type: 'integer', default: 0 })
  failures: number;

  @Column({ type: 'timestamptz', nullable: true })
  last_executed_at: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  last_success_at: Date | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  updated_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  deleted_at: Date | null;
}
