import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What readiness writes, to prove that the database takes writes. */
@Entity('readiness_probes')
export class ProbeRow {
  @PrimaryColumn({ type: 'text' })
  process: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at: Date;
}
