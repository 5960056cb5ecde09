/** A way to get the Temporal server's program. */
export interface EngineRequest {
  /** Where it is to be. */
  file: string;
  say(line: string): void;
  /** Ends the attempt. */
  signal?: AbortSignal;
}

/** Puts the program there in one step; resolves with why that did not work, undefined when it did. */
export type EngineSource = (request: EngineRequest) => Promise<string | undefined>;
