import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';
import type { LogLevel } from '../../../../contracts/script.js';
import { FeedRow } from '../../sql/columns.js';

/** One structured log line. */
@Entity('log_entries')
@Index('idx_log_entries_feed', ['xid', 'seq'])
@Index('idx_log_entries_run', ['run_id', 'at'])
@Index('idx_log_entries_page', ['at', 'seq'])
export class LogRow extends FeedRow {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at: Date;

  @Column({ type: 'text' })
  level: LogLevel;

  @Column({ type: 'text' })
  message: string;

  @Column({ type: 'json', nullable: true })
  data: Json;

  /** The origin of the line: `script:NAME`, `mcp:SERVER`, `kernel`, … */
  @Column({ type: 'text' })
  source: string;

  @Column({ type: 'text', nullable: true })
  run_id: string | null;

  @Column({ type: 'text', nullable: true })
  step_path: string | null;

  @Column({ type: 'text', nullable: true })
  iteration: string | null;
}
