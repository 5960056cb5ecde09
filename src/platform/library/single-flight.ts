/**
 * Shares work between callers. Only one call of `work` runs at a time; callers
 * that arrive while it runs share the next one, so that no result is older than
 * its request.
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
