/** A running server, as the supervisor sees it. */
export interface Running {
  pid: number;
  /** Resolves with the reason when the server has ended. */
  ended: Promise<string>;
  /** Ends the server gracefully; resolves when it has ended. */
  stop(): Promise<void>;
}

/** A server that runs as long as the supervisor. */
export interface Service {
  /** Name in messages, such as `worker`. */
  name: string;
  logFile: string;
  /**
   * Starts the server, on the same address each time. Rejects when it does not
   * become ready.
   */
  start(): Promise<Running>;
}
