/** A server that runs; what the supervisor needs to know of it. */
export interface Running {
  pid: number;
  /** Resolves with why it ended. */
  ended: Promise<string>;
  /** Ends it in order; resolves when it is gone. */
  stop(): Promise<void>;
}

/** A server that is to run as long as the supervisor does. */
export interface Service {
  /** As people read it, such as `worker`. */
  name: string;
  logFile: string;
  /** Starts it, on the same address each time. Rejects when it does not come up. */
  start(): Promise<Running>;
}
