import type { Json } from '../contracts/json.js';
import type {
  Records,
  SegmentInput,
  SegmentOutput,
  SegmentStop,
  StepRecord,
} from '../contracts/run.js';
import { Block } from '../language/block.js';
import { runBlock } from '../language/interpret.js';
import { namesRead } from '../language/names-read.js';
import { inner } from '../language/is-light.js';
import { ReturnSignal, StepFailure, StopSignal } from '../language/signals.js';
import type { PlanStep } from '../contracts/plan.js';
import { stepPositions } from '../language/step-positions.js';
import type { Blobs } from '../runs/blobs.js';
import type { Plans } from '../runs/plans.js';
import { SegmentEffects, type SegmentServices } from './segment-effects.js';

const PIECE_BYTES = 8 * 1024;

/**
 * Runs light steps from a place to the end of its block, as far as it may. Throws only for faults of
 * the platform: a failed step is a record, and the workflow decides what follows.
 */
export async function runSegment(
  services: Omit<SegmentServices, 'permissions'> & { plans: Plans },
  input: SegmentInput,
): Promise<SegmentOutput> {
  const plan = await services.plans.get(input.plan_hash);
  const { steps, index } = stepPositions(plan).get(input.start.path)!;
  const key = segmentKey(input);
  const { journal } = services;
  const { fence, again: begun } = await journal.openSegment(input.run.id, key);
  const again = begun || input.recovered;
  const paths = again ? pathsFrom(steps.slice(index)) : [];
  const known = again ? await journal.known(input.run.id, paths) : new Map();
  const effects = new SegmentEffects(
    { ...services, permissions: plan.permissions },
    input,
    key,
    fence,
    known,
  );
  for (const note of input.notes) effects.note(note, false);
  const records = new Map<string, StepRecord>(input.records);
  const spent = { steps: 0, iterations: 0 };
  const ctx = { limits: input.remaining, spent, records, reads: namesRead(plan), effects };
  const block = Block.restore(input.scope);
  const last = steps === plan.steps;
  const { stop, result } = await endOf(
    runBlock(ctx, steps, block, input.start.iteration, index),
    () => (last ? block.result : undefined),
  );
  await services.log.flush();
  // Inside a loop of the workflow others may still be at work.
  const ended = result !== undefined && input.start.iteration === '' && (await effects.end(result));
  if (ended)
    return { stop: 'end', records: [], spent, bytes: 0, now_ms: Date.now(), ended: { result } };
  await effects.flush();
  const changed = await offload(services.blobs, records);
  const bytes = JSON.stringify(changed).length;
  return { stop, records: changed, spent, bytes, now_ms: Date.now() };
}

/** How a segment ended; with a result when the run has ended with it. */
interface SegmentEnd {
  stop: SegmentStop;
  result?: Json | undefined;
}

async function endOf(work: Promise<void>, result: () => Json | undefined): Promise<SegmentEnd> {
  try {
    await work;
    return { stop: 'end', result: result() };
  } catch (thrown) {
    if (thrown instanceof StopSignal) return { stop: thrown.stop };
    if (thrown instanceof ReturnSignal) return { stop: 'step', result: thrown.value };
    if (thrown instanceof StepFailure) return { stop: 'step' };
    throw thrown;
  }
}

/** Where a segment begins: the same work has the same key, however often it is started. */
function segmentKey({ start, records }: SegmentInput): string {
  const marks = records.map(([key, record]) => {
    if (record.status === 'loop') return `${key}@${record.next}`;
    return record.status === 'retry' ? `${key}~${record.attempt}` : '';
  });
  return [`${start.path}#${start.iteration}`, ...marks.filter(Boolean)].join(' ').slice(0, 2_000);
}

function pathsFrom(steps: readonly PlanStep[]): string[] {
  return steps.flatMap((step) => [step.path, ...pathsFrom(inner(step))]);
}

/** Pieces of loops lie in the database, so that a history carries only their references. */
async function offload(blobs: Blobs, records: Map<string, StepRecord>): Promise<Records> {
  for (const record of records.values()) {
    if (record.status !== 'loop') continue;
    const pieces = record.items.map((piece) => blobs.keep(piece, PIECE_BYTES));
    record.items = (await Promise.all(pieces)) as typeof record.items;
  }
  return [...records];
}
