import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** What a shadow run did otherwise than the run that it repeats. */
@Entity('shadow_reports')
export class ShadowReportRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  /** How many steps were compared. */
  @Column({ type: 'integer' })
  compared: number;

  /** How many differences there are; `differences` holds the first thousand. */
  @Column({ type: 'integer' })
  total: number;

  @Column({ type: 'json' })
  differences: Json;
}
