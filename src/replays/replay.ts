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

/** What is walked through, and how far. */
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

/** How far it came. */
export interface Replayed {
  reached: boolean;
  /** What the interpreter knows there. */
  records: Map<string, StepRecord>;
  /** Where else it had to stop. */
  stopped: StepPlace | undefined;
  /** What ended it; undefined when it came to the end of the steps. */
  thrown: unknown;
}

/** Walks through what a run did, as far as a point of it. */
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
  if (thrown !== undefined && !FORESEEN.some((type) => thrown instanceof type)) throw thrown;
  const { reached, refusal, stopped } = effects;
  return { reached, records, stopped: stopped[0], thrown: refusal ?? thrown };
}

/** Ways in which a replay ends. */
const FORESEEN = [StopSignal, StepFailure, ReturnSignal];

/** What was done was within its limits; and what stops at one place keeps nothing beside it from being walked through. */
const UNLIMITED = {
  steps: Infinity,
  iterations: Infinity,
  spawns: Infinity,
  depth: Infinity,
  concurrency: Infinity,
};

/** Iterations at a time: each costs the others a look at what it knows. */
const LANES = 64;

function widen(step: PlanStep): PlanStep {
  const wide = mapInner(step, widen);
  return wide.kind === 'foreach' && wide.concurrency > 1 ? { ...wide, concurrency: LANES } : wide;
}
