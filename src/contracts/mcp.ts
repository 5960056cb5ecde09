import type { StepError } from './errors.js';
import type { Json, JsonObject } from './json/json.js';

/** How one worker sees an MCP server. `degraded`: it answers late, or missed one ping. */
export type McpState = 'connected' | 'degraded' | 'disconnected';

/** A tool as its server lists it. */
export interface McpTool {
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  inputSchema: JsonObject;
}

/** The state of one server in one worker (a row of `mcp_server_states`). Times are ISO-8601 UTC. */
export interface McpServerStatus {
  server: string;
  worker_id: string;
  state: McpState;
  /** Why it is not connected; null when it is. */
  reason: string | null;
  /** When it came into this state. */
  since: string;
  checked_at: string;
  transport: 'stdio' | 'http';
  /** Whether its process is behind walls; null over HTTP, where we have none. */
  jailed: boolean | null;
  /** Revision of the protocol, such as `2025-11-25`, as it was negotiated last. */
  protocol_version: string | null;
  tools: McpTool[];
  /** What of its tools could not be read, or not as it stands. */
  warnings: string[];
  /** Of the last ping. */
  latency_ms: number | null;
}

/** What a worker answers to a command on its own connection. */
export type McpOutcome =
  { worker_id: string; ok: true; value: Json } | { worker_id: string; ok: false; error: StepError };

/**
 * A call may be silent for the step's `timeout_seconds`. News of its progress begin the time anew, until the call has
 * taken this many times as long.
 */
export const MCP_PROGRESS_FACTOR = 10;
