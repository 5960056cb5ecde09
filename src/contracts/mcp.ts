import type { StepError } from './errors.js';
import type { Json, JsonObject } from './json/json.js';

/** Connection state of an MCP server in one worker. `degraded`: the server answers late, or missed one ping. */
export type McpState = 'connected' | 'degraded' | 'disconnected';

/** A tool as its MCP server lists it. */
export interface McpTool {
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  inputSchema: JsonObject;
}

/** State of one MCP server in one worker (a row of `mcp_server_states`). Times are ISO-8601 UTC. */
export interface McpServerStatus {
  server: string;
  worker_id: string;
  state: McpState;
  /** Why the server is not connected; null when it is connected. */
  reason: string | null;
  /** When the server entered this state. */
  since: string;
  checked_at: string;
  transport: 'stdio' | 'http';
  /** True if the server's process runs in the sandbox; null over HTTP, where Mission Control starts no process. */
  jailed: boolean | null;
  /** MCP revision of the last handshake, such as `2025-11-25`. */
  protocol_version: string | null;
  tools: McpTool[];
  /** One message for each tool that could not be read, or only in part. */
  warnings: string[];
  /** Latency of the last ping in milliseconds. */
  latency_ms: number | null;
}

/** A worker's reply to a command on its own connection to an MCP server. */
export type McpOutcome =
  { worker_id: string; ok: true; value: Json } | { worker_id: string; ok: false; error: StepError };

/**
 * An MCP call times out after `timeout_seconds` without a progress notification. Each notification restarts that time,
 * up to a total of `timeout_seconds` times this factor.
 */
export const MCP_PROGRESS_FACTOR = 10;
