import type { DataSource } from 'typeorm';
import { MissionError, toStepError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';
import type { McpOutcome } from '../../contracts/mcp.js';
import type { McpGateway } from '../../tools/mcp/mcp-gateway.js';
import { withTimeout } from '../../tools/with-timeout.js';
import { requestMcp } from '../../tools/mcp/request-mcp.js';

/** The lease after {@link McpControl.lease}. */
export interface McpLease {
  run_id: string;
  expires_at: Date;
  renewals: number;
}

const LEASE = `INSERT INTO mcp_work_leases AS lease (server, work_type, run_id, expires_at)
  VALUES ($1, $2, $3, now() + $4 * interval '1 second')
  ON CONFLICT (server, work_type) DO UPDATE SET run_id = EXCLUDED.run_id, expires_at = EXCLUDED.expires_at,
    assigned_at = CASE WHEN lease.expires_at < now() THEN now() ELSE lease.assigned_at END,
    renewals = lease.renewals + CASE WHEN lease.run_id = EXCLUDED.run_id THEN 0 ELSE 1 END
  RETURNING run_id, expires_at, renewals`;

/** Acts on MCP servers: reconnects them on every live worker, and leases work to them. */
export class McpControl {
  constructor(
    private readonly gateway: McpGateway,
    private readonly dataSource: DataSource,
    private readonly workerId: string,
  ) {}

  /**
   * Makes one attempt on every live worker; a connection that answers stays as
   * it is. The outcome of this worker is first.
   * @throws MissionError `input_invalid`
   */
  async reconnect(server: string, timeoutMs: number): Promise<McpOutcome[]> {
    this.gateway.assertKnown(server);
    const others = requestMcp(this.dataSource, {
      server,
      command: 'reconnect',
      parameters: {},
      workers: 'all',
      except: this.workerId,
      timeoutMs,
    });
    const [own, rest] = await Promise.all([this.reconnectHere(server, timeoutMs), others]);
    return [own, ...rest];
  }

  /**
   * Assigns a kind of work to a server until the lease expires; any run may
   * renew the lease.
   */
  async lease(server: string, workType: string, runId: string, seconds: number): Promise<McpLease> {
    this.gateway.assertKnown(server);
    const rows: McpLease[] = await this.dataSource.query(LEASE, [server, workType, runId, seconds]);
    return rows[0]!;
  }

  private reconnectHere(server: string, ms: number): Promise<McpOutcome> {
    const { workerId: worker_id } = this;
    const late = () => new MissionError('timeout', `no connection to ${server} within ${ms} ms`);
    return withTimeout(ms, this.gateway.reconnect(server), late).then(
      (status) => ({ worker_id, ok: true, value: { ...status } as unknown as Json }),
      (error: unknown) => ({ worker_id, ok: false, error: toStepError(error) }),
    );
  }
}
