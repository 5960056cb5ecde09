import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The fence of one segment. Every start raises it, so that only the newest start may commit. */
@Entity('run_segments')
export class SegmentRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  /** The point where the segment begins: step path, iteration, loop position and attempt. */
  @PrimaryColumn({ type: 'text' })
  segment: string;

  @Column({ type: 'integer', default: 1 })
  fence: number;
}
