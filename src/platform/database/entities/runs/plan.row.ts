import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Plan } from '../../../../contracts/plan.js';

/** A compiled directive (Plan), by the SHA-256 of its canonical JSON, with the text that it was compiled from. */
@Entity('directive_plans')
@Index('idx_directive_plans_name', ['name', 'directive_version'])
export class PlanRow {
  @PrimaryColumn({ type: 'text' })
  hash: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  directive_version: string;

  @Column({ type: 'json' })
  plan: Plan;

  @Column({ type: 'text' })
  source: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;
}
