import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The switch that stops all automation; there is one row while it is thrown. */
@Entity('automation_stops')
export class AutomationStopRow {
  @PrimaryColumn({ type: 'integer' })
  id: number;

  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  stopped_at: Date;
}
