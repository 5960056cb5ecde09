/** Longer than the 30 s that a worker drains at most. */
const LIMIT_MS = 40_000;

// Loaded before the code of the API and the worker: when the supervisor is
// killed, the process ends, even if it does not yet listen for `disconnect` or
// its own shutdown hangs.
process.once('disconnect', () => {
  if (process.listenerCount('disconnect') === 0) process.exit(1);
  setTimeout(() => process.exit(1), LIMIT_MS).unref();
});
