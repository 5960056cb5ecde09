/** A worker drains for 30 s at most. */
const LIMIT_MS = 40_000;

// Loaded before our processes' own code: a supervisor that was killed leaves nobody behind, also where the
// process has not come so far as to listen for that, or does not come to its end.
process.once('disconnect', () => {
  if (process.listenerCount('disconnect') === 0) process.exit(1);
  setTimeout(() => process.exit(1), LIMIT_MS).unref();
});
