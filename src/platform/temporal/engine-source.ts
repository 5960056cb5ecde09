/** A request for the Temporal server's program. */
export interface EngineRequest {
  /** Target path of the program. */
  file: string;
  say(line: string): void;
  /** Aborts the attempt. */
  signal?: AbortSignal;
}

/**
 * Creates the program with one rename; resolves with the reason of a failure,
 * undefined on success.
 */
export type EngineSource = (request: EngineRequest) => Promise<string | undefined>;
