/** Limits for an operation. */
export interface WorkLimits {
  ms: number;
  signal: AbortSignal;
  /** Create the error for each limit. */
  late: () => Error;
  cancelled: () => Error;
  /**
   * Stops the work. The error is thrown after this has resolved, so that
   * nothing continues in the background.
   */
  stop: () => Promise<unknown> | void;
}

/**
 * Settles as `work` does, unless the time is up or the signal is aborted first.
 */
export async function withLimits<T>(work: Promise<T>, bounds: WorkLimits): Promise<T> {
  let breakOff!: (error: () => Error) => void;
  const broken = new Promise<() => Error>((resolve) => (breakOff = resolve));
  const timer = setTimeout(() => breakOff(bounds.late), bounds.ms);
  const abort = () => breakOff(bounds.cancelled);
  bounds.signal.addEventListener('abort', abort, { once: true });
  if (bounds.signal.aborted) abort();
  try {
    const done = work.then((value) => ({ value }));
    const first = await Promise.race([done, broken.then((error) => ({ error }))]);
    if ('value' in first) return first.value;
    await bounds.stop();
    throw first.error();
  } finally {
    clearTimeout(timer);
    bounds.signal.removeEventListener('abort', abort);
  }
}
