import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { ChainLink, CheckedAction } from '../../../../contracts/run/permission-check.js';

/** A decision about a right: who was allowed or refused what, by which link of the chain, and why. */
@Entity('permission_checks')
@Index('idx_permission_checks_run', ['run_id', 'id'])
export class PermissionCheckRow {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at: Date;

  /** Null for what was refused before there was a run. */
  @Column({ type: 'text', nullable: true })
  run_id: string | null;

  @Column({ type: 'text', nullable: true })
  step_path: string | null;

  @Column({ type: 'text', nullable: true })
  iteration: string | null;

  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text' })
  action: CheckedAction;

  @Column({ type: 'text' })
  target: string;

  @Column({ type: 'text', nullable: true })
  permission: string | null;

  @Column({ type: 'boolean' })
  allowed: boolean;

  @Column({ type: 'text', nullable: true })
  refused_by: ChainLink['link'] | null;

  @Column({ type: 'json', default: '[]' })
  chain: ChainLink[];

  @Column({ type: 'text' })
  reason: string;
}
