import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The fence of one lane of a run: the sequence of segments that a crash may have started twice. */
@Entity('run_segments')
export class SegmentRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  /** Where the lane begins (step path and iteration); the root lane is empty. */
  @PrimaryColumn({ type: 'text' })
  lane: string;

  @Column({ type: 'integer', default: 1 })
  fence: number;
}
