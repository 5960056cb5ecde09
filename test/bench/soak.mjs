/** Memory over many runs: what it is in the middle, and what at the end. */
import { inFlight } from './in-flight.mjs';
import { memoryOf } from './memory.mjs';
import { execute } from './ways.mjs';

const IN_FLIGHT = 20;
const STEP = 500;

/** Flows of ten steps until `to`; memory at `from` and at the end. */
export async function soak(instance, report, from = 10_000, to = 20_000) {
  const memory = [];
  for (let done = 0; done < to;) {
    await inFlight(STEP, IN_FLIGHT, () => execute(instance, 'chain_10_fused'));
    done += STEP;
    const now = memoryOf(instance.home);
    console.error(`${done} runs: ${now.rss.toFixed(0)} MiB (PSS ${now.pss.toFixed(0)})`);
    if (done === from || done === to) memory.push(now);
  }
  const [middle, end] = memory;
  report.growth(from, to, end.rss / middle.rss, memory);
}
