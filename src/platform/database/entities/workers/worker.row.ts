import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A worker's heartbeat, written every 5 s; older than 15 s = not there. */
@Entity('workers')
export class WorkerRow {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  task_queue: string;

  @Column({ type: 'text' })
  hostname: string;

  @Column({ type: 'integer' })
  pid: number;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  started_at: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  seen_at: Date;
}
