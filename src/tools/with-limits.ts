/** Bounds of a piece of work. */
export interface WorkLimits {
  ms: number;
  signal: AbortSignal;
  /** The errors to end with. */
  late: () => Error;
  cancelled: () => Error;
  /** Stops the work; the error is given out when that is done, so that nothing goes on behind it. */
  stop: () => Promise<unknown> | void;
}

/** Settles as `work` does, unless time is up or the signal comes first. */
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
