import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { OccurrenceStatus } from '../../../../contracts/run/automation.js';
import type { JsonObject } from '../../../../contracts/json/json.js';

/** One time at which an automation was due or was told to run, and what became of it. */
@Entity('automation_occurrences')
@Index('idx_automation_occurrences_key', ['automation_id', 'key'], { unique: true })
@Index('idx_automation_occurrences_page', ['automation_id', 'due_at', 'id'])
@Index('idx_automation_occurrences_open', ['start_at'], { where: 'ended_at IS NULL' })
export class OccurrenceRow {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'uuid' })
  automation_id: string;

  /** What it stands for: `due:TIME`, `backfill:TIME`, `manual:UUID`, `alert:ID` or `event:ID`. */
  @Column({ type: 'text' })
  key: string;

  @Column({ type: 'timestamptz' })
  due_at: Date;

  @Column({ type: 'text' })
  status: OccurrenceStatus;

  /** Why it did not simply fire, in a sentence. */
  @Column({ type: 'text', nullable: true })
  cause: string | null;

  /** `gap`, `first_copy` or `second_copy` near a change of the clocks. */
  @Column({ type: 'text', nullable: true })
  note: string | null;

  /** Who asked for it, for a backfill or a run by hand. */
  @Column({ type: 'text', nullable: true })
  actor: string | null;

  /** The `trigger` that the inputs are made of. */
  @Column({ type: 'json' })
  trigger: JsonObject;

  /** Ids of automations, oldest first; the last one is its own. */
  @Column({ type: 'json' })
  chain: string[];

  /** The run begins from here on: the due time and the jitter. */
  @Column({ type: 'timestamptz' })
  start_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  fired_at: Date | null;

  @Column({ type: 'text', nullable: true })
  execution_id: string | null;

  /** How its run ended: success, error or cancelled. */
  @Column({ type: 'text', nullable: true })
  outcome: string | null;

  /** When nothing more is to be done for it. */
  @Column({ type: 'timestamptz', nullable: true })
  ended_at: Date | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;
}
