/** Times of one connection, in milliseconds. */
export interface McpTimes {
  /** A handshake may take so long. */
  connectMs: number;
  /** Between two pings. */
  pingEveryMs: number;
  /** A ping without an answer by then has failed. */
  pingTimeoutMs: number;
  /** A ping that takes longer is slow: degraded. */
  slowMs: number;
  /** The list of tools is read anew after so long. */
  toolsEveryMs: number;
}

export const MCP_TIMES: McpTimes = {
  connectMs: 30_000,
  pingEveryMs: 10_000,
  pingTimeoutMs: 5_000,
  slowMs: 1_000,
  toolsEveryMs: 60_000,
};
