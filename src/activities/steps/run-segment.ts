import { createHash } from 'node:crypto';
import type { Json } from '../../contracts/json/json.js';
import type { Plan, PlanStep } from '../../contracts/plan.js';
import { NOTHING_SPENT, type Spent } from '../../contracts/run/spent.js';
import type { SegmentInput, SegmentOutput, SegmentStop } from '../../contracts/run/segment.js';
import type { StepRecord } from '../../contracts/run/records.js';
import { Block } from '../../language/run/state/block.js';
import type { Effects } from '../../language/run/state/effects.js';
import { runBlock } from '../../language/run/interpret.js';
import { namesRead } from '../../language/plan/names-read.js';
import { ReturnSignal, StepFailure, StopSignal } from '../../language/run/state/signals.js';
import { inner } from '../../language/plan/steps/step-blocks.js';
import { stepPositions } from '../../language/plan/steps/step-positions.js';
import { withHooks } from '../../language/plan/steps/with-hooks.js';
import type { Plans } from '../../runs/values/plans.js';
import { fitRecords } from './fit-records.js';
import { notInSegment } from './not-in-segment.js';
import { SegmentEffects, type SegmentServices } from './segment-effects.js';

/** Upper bound on the concurrent branches of one segment, which all share one process. */
const MAX_BRANCHES = 64;

/** The services that {@link runSegment} needs. */
export type SegmentRunServices = Omit<SegmentServices, 'permissions' | 'declared'> & {
  plans: Pick<Plans, 'get'>;
};

/**
 * Runs light steps from a place to the end of its block, until a step needs the workflow. Throws only for
 * faults of the platform: a failed step becomes a record, and the workflow decides what follows.
 */
export async function runSegment(
  services: SegmentRunServices,
  input: SegmentInput,
): Promise<SegmentOutput> {
  const plan = withHooks(await services.plans.get(input.plan_hash));
  const { steps, index } = stepPositions(plan).get(input.start.path)!;
  const { effects, again } = await openEffects(services, input, plan, steps.slice(index));
  const records = new Map<string, StepRecord>(input.records);
  const spent = { ...NOTHING_SPENT };
  const concurrency = Math.min(plan.limits.concurrency, input.scope.parallel * MAX_BRANCHES);
  const limits = { ...NOTHING_SPENT, ...input.remaining, concurrency, depth: 0 };
  const ctx = { limits, spent, records, reads: namesRead(plan), effects, runBlock };
  const block = Block.restore(input.scope);
  const { stop, result } = await endOf(
    runBlock(ctx, steps.slice(index), block, input.start.iteration),
    () => (steps === plan.steps && !plan.always ? block.result : undefined),
  );
  await services.log.flush();
  const paused = stop === 'paused' && { pauses: effects.pauses };
  const artifacts = services.artifacts?.found ?? false;
  const answer = { spent, now_ms: services.now(), again, artifacts, ...paused };
  // The run ends here only if no other branch can still be running.
  const last = result !== undefined && input.scope.parallel === 1 && !plan.always;
  if (last && (await effects.end(result, total(input, spent)))) {
    return { ...answer, stop: 'end', records: [], bytes: 0, ended: { result } };
  }
  await effects.flush();
  const fitted = await fitRecords(services.blobs, records, input.room_bytes);
  return { ...answer, stop, ...fitted };
}

const total = ({ spent: before }: SegmentInput, { steps, iterations, spawns }: Spent): Spent => ({
  ...NOTHING_SPENT,
  ...before,
  steps: before.steps + steps,
  iterations: before.iterations + iterations,
  spawns: before.spawns + spawns,
});

/** Raises the segment's fence. A segment that was started before reads its finished steps from the journal. */
async function openEffects(
  services: SegmentRunServices,
  input: SegmentInput,
  plan: Plan,
  steps: readonly PlanStep[],
): Promise<{ effects: SegmentEffects & Effects; again: boolean }> {
  const { run, start, recovered } = input;
  const key = segmentKey(input);
  const opened = await services.journal.openSegment(run.id, key);
  const again = opened.again || recovered;
  services.artifacts?.expect(opened.artifacts);
  const known = again
    ? await services.journal.known(run.id, pathsFrom(steps), start.iteration)
    : new Map();
  const { fence, cancelRequested } = opened;
  const pauses = input.ending ? 0 : opened.pauses;
  const { permissions = plan.permissions } = input;
  const own = { ...services, permissions, declared: plan.inputs };
  const ownEffects = new SegmentEffects(own, input, { key, fence, pauses, known });
  const effects = Object.assign(ownEffects, notInSegment);
  if (cancelRequested && !input.ending) effects.cancel();
  for (const note of input.notes) effects.note(note, false);
  return { effects, again };
}

/** The end of a segment, with a result when the run can end with it. */
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

/** The key of a segment: the place and progress where it begins, so that each start of the same work has the same key. */
function segmentKey({ start, records }: SegmentInput): string {
  const marks = records.map(([key, record]) => {
    if (record.status === 'loop' || record.status === 'while') return `${key}@${record.next}`;
    return record.status === 'retry' ? `${key}~${record.attempt}` : '';
  });
  const key = [`${start.path}#${start.iteration}`, ...marks.filter(Boolean)].join(' ');
  return key.length <= 200 ? key : createHash('sha256').update(key).digest('hex');
}

function pathsFrom(steps: readonly PlanStep[]): string[] {
  return steps.flatMap((step) => [step.path, ...pathsFrom(inner(step))]);
}
