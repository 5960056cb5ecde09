const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * A terminal and npm both forward one Ctrl-C: signals within this time count as
 * one.
 */
const SAME_MS = 1_000;

/**
 * Turns signals, and the end of the parent process, into one request to stop.
 */
export class StopRequest {
  private readonly controller = new AbortController();
  private first = 0;

  /**
   * @param onSecond called for every further signal: the person does not want
   * to wait
   */
  constructor(private readonly onSecond: () => void) {
    for (const signal of SIGNALS) process.on(signal, this.take);
    if (process.connected) process.on('disconnect', this.take);
  }

  /** Aborted by the request to stop. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Resolves on the request to stop. */
  readonly requested = new Promise<void>((resolve) => {
    this.controller.signal.addEventListener('abort', () => resolve());
  });

  /** Stops listening for signals. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.take);
    process.off('disconnect', this.take);
  }

  private readonly take = (): void => {
    if (this.signal.aborted && Date.now() - this.first > SAME_MS) this.onSecond();
    if (!this.signal.aborted) this.first = Date.now();
    this.controller.abort();
  };
}
