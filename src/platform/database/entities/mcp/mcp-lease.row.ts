import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Work that is assigned to an MCP server: one row per server and kind of work. */
@Entity('mcp_work_leases')
export class McpLeaseRow {
  @PrimaryColumn({ type: 'text' })
  server: string;

  @PrimaryColumn({ type: 'text' })
  work_type: string;

  @Column({ type: 'text' })
  run_id: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  assigned_at: Date;

  @Column({ type: 'timestamptz' })
  expires_at: Date;

  /** The number of times that the lease was granted or renewed. */
  @Column({ type: 'integer', default: 1 })
  renewals: number;
}
