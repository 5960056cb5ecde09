/** Timing of one connection, in milliseconds. */
export interface McpTimes {
  /** Longest time of a handshake. */
  connectMs: number;
  /** Interval of pings. */
  pingEveryMs: number;
  /** Longest time to wait for the answer to a ping. */
  pingTimeoutMs: number;
  /** A ping that takes longer makes the state `degraded`. */
  slowMs: number;
  /** Interval at which the list of tools is read again. */
  toolsEveryMs: number;
}

export const MCP_TIMES: McpTimes = {
  connectMs: 30_000,
  pingEveryMs: 10_000,
  pingTimeoutMs: 5_000,
  slowMs: 1_000,
  toolsEveryMs: 60_000,
};
