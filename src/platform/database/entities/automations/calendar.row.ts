import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A named list of times at which automations do not run, such as holidays or a freeze. */
@Entity('calendars')
export class CalendarRow {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'text', default: '' })
  description: string;

  /** Days (`2026-12-25`), or spans of days or local times (`2026-12-24T12:00/2026-12-27`). */
  @Column({ type: 'json' })
  dates: string[];

  @Column({ type: 'text' })
  source: 'api' | 'project';

  @Column({ type: 'timestamptz', default: () => 'now()' })
  updated_at: Date;
}
