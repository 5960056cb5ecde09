import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** A request to one worker, on its own connection to an MCP server: reconnect, or call a tool for the API. */
@Entity('mcp_commands')
@Index('idx_mcp_commands_worker', ['worker_id', 'completed_at'])
export class McpCommandRow {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text' })
  server: string;

  @Column({ type: 'text' })
  worker_id: string;

  @Column({ type: 'text' })
  command: 'reconnect' | 'call';

  @Column({ type: 'json', default: () => "'{}'" })
  parameters: Json;

  @Column({ type: 'json', nullable: true })
  outcome: Json;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  completed_at: Date | null;
}
