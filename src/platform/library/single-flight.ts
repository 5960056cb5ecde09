/**
 * Shares work between callers: one at a time, and those who come while it goes on share the next one, so that
 * everybody sees what was there before the call.
 */
export function singleFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const run = () => (running = work().finally(() => (running = undefined)));
  const after = async (before: Promise<T>) => {
    await before.catch(() => undefined);
    next = undefined;
    return run();
  };
  return () => next ?? (running ? (next = after(running)) : run());
}
