// Stands in for the worker. With DRAIN_MS it takes that long to end.
const timer = setInterval(() => undefined, 1_000);
console.log(`worker ${process.pid} runs`);
for (const event of ['SIGTERM', 'disconnect']) {
  process.once(event, () => {
    clearInterval(timer);
    setTimeout(() => process.exit(0), Number(process.env.DRAIN_MS ?? 0));
  });
}
