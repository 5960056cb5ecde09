import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row that the readiness check writes, to prove that the database accepts writes. */
@Entity('readiness_probes')
export class ProbeRow {
  @PrimaryColumn({ type: 'text' })
  process: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at: Date;
}
