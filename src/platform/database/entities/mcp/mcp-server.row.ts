import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** The state of one MCP server as one worker sees it. */
@Entity('mcp_server_states')
export class McpServerRow {
  @PrimaryColumn({ type: 'text' })
  server: string;

  @PrimaryColumn({ type: 'text' })
  worker_id: string;

  @Column({ type: 'text' })
  state: 'connected' | 'degraded' | 'disconnected';

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'timestamptz' })
  since: Date;

  @Column({ type: 'timestamptz' })
  checked_at: Date;

  @Column({ type: 'text' })
  transport: 'stdio' | 'http';

  /** Null over HTTP. */
  @Column({ type: 'boolean', nullable: true })
  jailed: boolean | null;

  /** Tools as the server lists them: `[{name, description, inputSchema}]`. */
  @Column({ type: 'json', default: () => "'[]'" })
  tools: Json;

  /** Revision of the protocol, as it was negotiated last. */
  @Column({ type: 'text', nullable: true })
  protocol_version: string | null;

  /** What of its tools could not be read. */
  @Column({ type: 'json', default: () => "'[]'" })
  warnings: string[];

  @Column({ type: 'double precision', nullable: true })
  latency_ms: number | null;
}
