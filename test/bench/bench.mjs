/**
 * `npm run bench`: what a step costs, on a fresh instance that is gone afterwards. Seven alternations of
 * each case, medians; exit 1 when a bound is missed. `npm run bench -- quick` alternates three times,
 * `-- soak` measures memory over 20,000 runs, `-- long` long and waiting runs; a folder of compiled files other than `dist` may follow.
 */
import { join, resolve } from 'node:path';
import { alternate, CASES } from './cases.mjs';
import { startInstance } from './instance.mjs';
import { long } from './long.mjs';
import { memoryOf } from './memory.mjs';
import { Report } from './report.mjs';
import { scriptCalls } from './script-call.mjs';
import { soak } from './soak.mjs';
import { commitsOf, tasksOf } from './tasks.mjs';
import { byDirective, execute, startByHand } from './ways.mjs';

const words = process.argv.slice(2);
const mode = words.find((word) => ['quick', 'soak', 'long'].includes(word)) ?? 'full';
const folder = words.find((word) => word !== mode);
const dist = resolve(folder ?? join(import.meta.dirname, '../../dist'));
const TIMES = mode === 'quick' ? 3 : 7;
const RUNS = 5;
const report = new Report();

async function cases(ways) {
  for (const [name, shape] of Object.entries(CASES)) {
    for (const run of Object.values(ways))
      await run({ ...shape, flows: Math.min(shape.flows, 50) });
    const medians = await alternate(ways, shape, TIMES, report.progress(name));
    report.row(shape, medians);
  }
}

/** Tasks and commits of 40 steps, each an activity of its own: by hand, and of a directive. */
async function costs(instance, { hand, step }) {
  const shape = { ...CASES.a, flows: RUNS };
  const runs = { hand: await hand(shape), step: await step(shape) };
  const [hands, steps] = [runs.hand, runs.step].map(({ ids }) => tasksOf(instance, ids.at(-1)));
  report.tasks(await hands, await steps);
  const commits = await commitsOf(instance, () => step(shape));
  report.commits(commits / RUNS / shape.steps);
}

/** Milliseconds an item, of a short and of a long loop. */
async function loops(instance) {
  const per = { 100: [], 10_000: [] };
  for (let round = 1; round <= 3; round += 1) {
    for (const [count, rounds] of [
      [100, 5],
      [10_000, 1],
    ]) {
      const begun = performance.now();
      for (let i = 0; i < rounds; i += 1) await execute(instance, 'loop', { count });
      per[count].push((performance.now() - begun) / rounds / count);
    }
  }
  report.loops(per);
}

async function measure(instance) {
  report.memory(memoryOf(instance.home));
  const { p50 } = await scriptCalls(dist, 'js', 2_000);
  report.call(p50);
  const hand = await startByHand(dist, instance);
  try {
    const ways = {
      hand: hand.run,
      fused: byDirective(instance, 'auto'),
      step: byDirective(instance, 'step'),
    };
    await cases(ways);
    await costs(instance, ways);
  } finally {
    await hand.stop();
  }
  await loops(instance);
}

const instance = await startInstance(dist);
const interrupted = new Promise((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => reject(new Error(signal)));
});
try {
  const work = { soak, long }[mode] ?? measure;
  await Promise.race([work(instance, report), interrupted]);
} finally {
  await instance.stop();
}
report.print();
process.exit(report.failed ? 1 : 0);
