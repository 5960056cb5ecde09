import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { requestMcp } from '../../tools/mcp/request-mcp.js';

const TIMEOUT_MS = 60_000;

/** Calls tools of MCP servers through a live worker's own connection. */
export class McpCaller {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Calls a tool and returns its result; waits at most 60 s.
   * @throws MissionError with the tool's or the gateway's own code
   */
  async call(server: string, tool: string, parameters: JsonObject): Promise<Json> {
    const [outcome] = await requestMcp(this.dataSource, {
      server,
      command: 'call',
      parameters: { tool, arguments: parameters },
      workers: 'any',
      timeoutMs: TIMEOUT_MS,
    });
    if (outcome?.ok) return outcome.value;
    const { code, message, data } = outcome!.error;
    throw new MissionError(code, message, data);
  }
}
