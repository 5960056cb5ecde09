import type { Json } from '../contracts/json/json.js';
import type { Plan, PlanStep } from '../contracts/plan.js';
import { NOTHING_SPENT } from '../contracts/run/spent.js';
import type { RunScope } from '../contracts/run/scope.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { StepRecord } from '../contracts/run/records.js';
import { Block } from '../language/run/state/block.js';
import { noDurableEffects } from '../language/run/state/no-durable-effects.js';
import { runBlock } from '../language/run/interpret.js';
import { namesRead } from '../language/plan/names-read.js';
import { ReturnSignal, StepFailure, StopSignal } from '../language/run/state/signals.js';
import { mapInner } from '../language/plan/steps/step-blocks.js';
import type { Blobs } from '../runs/values/blobs.js';
import type { Recording } from './recording.js';
import { ReplayEffects, stop } from './replay-effects.js';

/** The Plan and the recording of a replay, and the place where the replay ends. */
export interface ReplayRequest {
  plan: Plan;
  run: RunScope;
  inputs: Json;
  recording: Recording;
  point: StepPlace;
  /** The steps around the point. */
  around: readonly PlanStep[];
  blobs: Blobs;
}

/** The outcome of a replay. */
export interface Replayed {
  reached: boolean;
  /** The interpreter's records at the end of the replay. */
  records: Map<string, StepRecord>;
  /** The first other place at which the replay had to stop. */
  stopped: StepPlace | undefined;
  /** The signal or error that ended the replay; undefined when the replay came to the end of the steps. */
  thrown: unknown;
}

/** Replays the recorded steps of a run up to a point, without calling anything. */
export async function replay({ plan: given, around, ...source }: ReplayRequest): Promise<Replayed> {
  const plan = { ...given, steps: given.steps.map(widen) };
  const reads = namesRead(plan);
  const paths = new Set(around.map(({ path }) => path));
  const answers = new ReplayEffects({ ...source, around: paths, reads });
  const effects = Object.assign(answers, noDurableEffects(stop));
  const records = new Map<string, StepRecord>();
  const spent = { ...NOTHING_SPENT };
  const ctx = { limits: UNLIMITED, spent, records, reads, effects, runBlock };
  const thrown = await runBlock(ctx, plan.steps, new Block(), '').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown !== undefined && !EXPECTED.some((type) => thrown instanceof type)) throw thrown;
  const { reached, refusal, stopped } = effects;
  return { reached, records, stopped: stopped[0], thrown: refusal ?? thrown };
}

/** The signals and errors with which a replay may end; any other one is a bug. */
const EXPECTED = [StopSignal, StepFailure, ReturnSignal];

/** No limits: the recorded run kept to its own. A stop at one place must not keep parallel places from being replayed. */
const UNLIMITED = {
  steps: Infinity,
  iterations: Infinity,
  spawns: Infinity,
  depth: Infinity,
  concurrency: Infinity,
};

/** Upper bound on the concurrent iterations of a `foreach` in a replay: each one slows the others down. */
const MAX_CONCURRENT = 64;

function widen(step: PlanStep): PlanStep {
  const wide = mapInner(step, widen);
  return wide.kind === 'foreach' && wide.concurrency > 1
    ? { ...wide, concurrency: MAX_CONCURRENT }
    : wide;
}
