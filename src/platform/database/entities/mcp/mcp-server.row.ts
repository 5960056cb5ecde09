import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** The state of one MCP server, as one worker reports it. */
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

  /** True = the server's process runs in the sandbox; null for HTTP. */
  @Column({ type: 'boolean', nullable: true })
  jailed: boolean | null;

  /** Tools as the server lists them: `[{name, description, inputSchema}]`. */
  @Column({ type: 'json', default: () => "'[]'" })
  tools: Json;

  /** The MCP version that the last handshake negotiated. */
  @Column({ type: 'text', nullable: true })
  protocol_version: string | null;

  /** Problems with the server's list of tools, such as definitions that could not be read. */
  @Column({ type: 'json', default: () => "'[]'" })
  warnings: string[];

  @Column({ type: 'double precision', nullable: true })
  latency_ms: number | null;
}
