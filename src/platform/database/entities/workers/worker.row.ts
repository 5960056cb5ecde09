import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A worker's heartbeat, written every 5 s. A worker whose `seen_at` is older than 15 s counts as gone. */
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
