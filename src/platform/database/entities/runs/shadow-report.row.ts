import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** The differences between a shadow run and the recorded run that it repeats. */
@Entity('shadow_reports')
export class ShadowReportRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  /** The number of compared steps. */
  @Column({ type: 'integer' })
  compared: number;

  /** The number of differences; `differences` holds the first thousand. */
  @Column({ type: 'integer' })
  total: number;

  @Column({ type: 'json' })
  differences: Json;
}
