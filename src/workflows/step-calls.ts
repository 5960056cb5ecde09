import { CancelledFailure } from '@temporalio/workflow';
import { MissionError, toStepError } from '../contracts/errors.js';
import type { Json } from '../contracts/json/json.js';
import type { CallStep } from '../contracts/plan.js';
import { NOTHING_SPENT, type Spent } from '../contracts/run/spent.js';
import type { OwnStepInput, OwnStepOutput } from '../contracts/run/own-step.js';
import type { SegmentInput, SegmentOutput, SegmentStop } from '../contracts/run/segment.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { Block } from '../language/run/state/block.js';
import { isFusable } from '../language/plan/steps/is-fusable.js';
import { mergeRecords, recordsUnder } from '../language/plan/steps/records-under.js';
import { segmentName } from '../language/plan/steps/segment-name.js';
import { ReturnSignal } from '../language/run/state/signals.js';
import { stepPositions } from '../language/plan/steps/step-positions.js';
import { stepTemplate } from '../language/plan/steps/step-template.js';
import { compensationScope } from '../language/run/compensation.js';
import { withHooks } from '../language/plan/steps/with-hooks.js';
import type { ActivityCalls } from './engine/activity-calls.js';
import type { Mailbox } from './engine/mailbox.js';
import { type PayloadBudget, sizeOf } from './engine/payload-budget.js';
import type { RunClock } from './engine/run-clock.js';
import type { RunState } from './run-state.js';
import type { StepNotes } from './step-notes.js';
import type { ValueCalls } from './value-calls.js';

/** The parts of a run that {@link StepCalls} uses. */
export interface CallingRun {
  state: RunState;
  clock: RunClock;
  calls: ActivityCalls;
  budget: PayloadBudget;
  notes: StepNotes;
  mailbox: Mailbox;
  values: ValueCalls;
}

/** Runs segments and single steps as activities. */
export class StepCalls {
  private readonly positions;

  constructor(private readonly run: CallingRun) {
    this.positions = stepPositions(withHooks(run.state.input.plan));
  }

  /** Runs fusable steps from `start` towards the end of its block, and merges their records into the run's. */
  async segment(start: StepPlace, block: Block): Promise<SegmentStop> {
    const { state, calls } = this.run;
    const { steps, index } = this.positions.get(start.path)!;
    const end = steps.findIndex((step, at) => at > index && !isFusable(step));
    const sent = recordsUnder(state.records, { steps, index }, start);
    const input = this.segmentInput(start, block, sent);
    const name = segmentName(steps.slice(index, end < 0 ? steps.length : end));
    let used: Spent = NOTHING_SPENT;
    // An interrupted segment may leave files.
    let artifacts = true;
    try {
      const output = await calls.segment(name, input, block.concurrent);
      used = { ...NOTHING_SPENT, ...output.spent };
      artifacts = output.artifacts ?? true;
      mergeRecords(state.records, sent, output.records);
      return this.afterSegment(output);
    } finally {
      state.artifacts ||= artifacts;
      state.shares.giveBack(input.remaining, used);
    }
  }

  private segmentInput(
    start: StepPlace,
    block: Block,
    records: SegmentInput['records'],
  ): SegmentInput {
    const { state, clock, budget, notes } = this.run;
    const { run, plan_hash, inputs } = state.input;
    const spent = { ...state.spent };
    return {
      run,
      plan_hash,
      inputs,
      start,
      scope: block.snapshot(),
      records,
      remaining: state.shares.take(block.parallelism),
      spent,
      ...this.rights(),
      deadline_ms: clock.deadlineMs,
      recovered: state.recovered,
      inline_bytes: budget.inlineBytes(block),
      room_bytes: budget.roomBytes(block),
      ending: state.ending !== undefined,
      notes: notes.take(),
    };
  }

  private afterSegment(output: SegmentOutput): SegmentStop {
    const { state, clock, mailbox } = this.run;
    state.recovered ||= output.again;
    clock.advanceTo(output.now_ms);
    if (output.stop === 'cancelled') this.cancel();
    if (output.pauses !== undefined) mailbox.countPauses(output.pauses);
    if (!output.ended) return output.stop;
    state.ended = true;
    throw new ReturnSignal(output.ended.result);
  }

  /** Runs one attempt of a step as an activity of its own. */
  async attempt(step: CallStep, place: StepPlace, block: Block, attempt: number): Promise<Json> {
    const { state, clock, calls, budget, notes, values } = this.run;
    const inline_bytes = budget.inlineBytes(block);
    const inputs = await this.inputsOf(step, place, block, attempt);
    const undo = await compensationScope(values, { step, place, block });
    const input: OwnStepInput = {
      run: state.input.run,
      plan_hash: state.input.plan_hash,
      ...place,
      inputs,
      attempt,
      ...this.rights(),
      deadline_ms: clock.deadlineMs,
      recovered: state.recovered,
      inline_bytes,
      ending: state.ending !== undefined,
      ...(step.kind === 'turn' && { budget: state.shares.budget() }),
      artifacts: state.artifacts,
      ...(undo === undefined ? {} : { undo }),
      ...(this.isLast(step) && { last: { ...state.spent } }),
      notes: await notes.takeAtMost(budget.bounds.small),
    };
    // An interrupted step may leave files.
    let cutOff = true;
    try {
      const output = await calls.own(step, input);
      cutOff = false;
      return this.afterAttempt(output);
    } finally {
      state.artifacts ||= cutOff;
    }
  }

  private afterAttempt(output: OwnStepOutput): Json {
    const { state, clock, budget } = this.run;
    budget.beginTask();
    state.artifacts ||= output.artifacts ?? true;
    if ('stop' in output) return output.stop === 'cancelled' ? this.cancel() : clock.fail();
    if ('error' in output) {
      const { code, message, data, retryable } = output.error;
      throw new MissionError(code, message, data, { retryable });
    }
    budget.countActivityResult(sizeOf(output.result));
    if (output.ended) state.ended = true;
    return output.result;
  }

  /** Renders the inputs of a step. If that fails, the step fails without a call and its row is added to the notes. */
  private async inputsOf(
    step: CallStep,
    place: StepPlace,
    block: Block,
    attempt: number,
  ): Promise<Json> {
    const { clock, budget, notes, values } = this.run;
    const started_ms = clock.now();
    try {
      const rendered = await values.render(stepTemplate(step), block, place);
      return await values.keep(rendered, budget.inlineBytes(block));
    } catch (thrown) {
      if (!(thrown instanceof MissionError)) throw thrown;
      const { name, kind } = step;
      const error = { step: name, ...toStepError(thrown) };
      const times = { started_ms, completed_ms: clock.now() };
      notes.add({ ...place, name, kind, status: 'error', attempt, error, ...times });
      throw thrown;
    }
  }

  /** True if nothing follows the step, so that its success ends the run. */
  private isLast({ path }: CallStep): boolean {
    const { input, recovered } = this.run.state;
    const { steps, always, hooks } = input.plan;
    return path === steps.at(-1)!.path && !always && !hooks && !recovered;
  }

  /** Permissions of a child run, which its parent bounds; empty in other runs. */
  private rights(): { permissions?: string[] | null } {
    const { bounds } = this.run.state.input;
    return bounds ? { permissions: bounds.permissions } : {};
  }

  private cancel(): never {
    this.run.state.cancelled = true;
    throw new CancelledFailure('cancelled');
  }
}
