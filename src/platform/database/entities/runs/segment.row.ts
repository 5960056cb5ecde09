import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The fence of one segment: raised by every start, so that only the newest may commit. */
@Entity('run_segments')
export class SegmentRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  /** Where the segment begins: step path, iteration, loop position and attempt. */
  @PrimaryColumn({ type: 'text' })
  segment: string;

  @Column({ type: 'integer', default: 1 })
  fence: number;
}
