import type { DataSource } from 'typeorm';
import { McpStatusReader, type McpStatus } from '../../observation/readers/mcp-status.reader.js';
import type { McpGateway } from '../../tools/mcp/mcp-gateway.js';

/** Two pings must fit into the ten seconds of a light step. */
const PROBE_MS = 2_000;

/**
 * Reads the state of MCP servers across all live workers, after a check from
 * this worker.
 */
export class McpReader {
  private readonly reader: McpStatusReader;

  constructor(
    private readonly gateway: McpGateway,
    dataSource: DataSource,
  ) {
    this.reader = new McpStatusReader(dataSource);
  }

  /** @throws MissionError `input_invalid` for a server that is not configured */
  async status(server: string): Promise<McpStatus> {
    await this.gateway.probe(server, PROBE_MS);
    const statuses = await this.reader.all([server]);
    return statuses.find((each) => each.server === server)!;
  }

  /** The status of every configured server, by name. */
  async all(): Promise<McpStatus[]> {
    const { servers } = this.gateway;
    await Promise.all(servers.map((server) => this.gateway.probe(server, PROBE_MS)));
    const statuses = await this.reader.all(servers);
    return statuses.filter(({ server }) => servers.includes(server));
  }
}
