import { setImmediate as turn } from 'node:timers/promises';
import { MissionError } from '../contracts/errors.js';
import type { Json } from '../contracts/json.js';
import type { PlanStep } from '../contracts/plan.js';
import type { ListPart, RunScope, StepPlace, StepRecord } from '../contracts/run.js';
import type { Block } from '../language/block.js';
import type { Branch, Effects } from '../language/effects.js';
import { excerpt } from '../language/excerpt.js';
import { isWithin } from '../language/keys-inside.js';
import { recordKey } from '../language/record-key.js';
import { readsClock } from '../language/reads-clock.js';
import { StopSignal } from '../language/signals.js';
import type { Blobs } from '../runs/blobs.js';
import type { Recording } from './recording.js';
import { renderFetching } from './render-fetching.js';

/** What a replay goes by. */
export interface ReplaySource {
  run: RunScope;
  inputs: Json;
  recording: Recording;
  /** Where it ends. */
  point: StepPlace;
  /** The steps around the point, outermost first. */
  around: readonly PlanStep[];
  reads(name: string): boolean;
  blobs: Blobs;
}

const stop = (): never => {
  throw new StopSignal('step');
};

/**
 * The interpreter's effects where nothing may happen: each step is answered by its row, as far as the point. What the
 * interpreter then knows is what a run knows that has come so far.
 */
export class ReplayEffects implements Effects {
  /** It has come to the point. */
  reached = false;
  /** Where else it had to stop. */
  readonly stopped: StepPlace[] = [];

  constructor(private readonly source: ReplaySource) {}

  recall(step: PlanStep, place: StepPlace): StepRecord | undefined {
    const { recording, reads, point } = this.source;
    if (recordKey(place) === recordKey(point)) {
      this.reached = true;
      stop();
    }
    if (this.isAround(step, place)) return this.enter(step);
    const row = recording.at(place);
    if (row) return recording.recordOf(row, step, reads);
    this.stopped.push(place);
    return stop();
  }

  /** Its condition held then, whatever the clock says now. */
  recallTurn(): boolean {
    return true;
  }

  render(template: Json, block: Block, place: StepPlace): Promise<Json> {
    const { run, inputs, blobs } = this.source;
    return renderFetching(blobs, template, { run, inputs, now: this.now }, block, place);
  }

  branch(work: () => Promise<void>): Branch {
    return { ended: work().then(() => true), cancel: () => {} };
  }

  async checkpoint(): Promise<void> {
    await turn();
  }

  async part(list: Json): Promise<ListPart | undefined> {
    const items = await this.source.blobs.open(list);
    return Array.isArray(items) ? { count: items.length, from: 0, items } : undefined;
  }

  async text(value: Json): Promise<string> {
    return excerpt(await this.source.blobs.resolve(value));
  }

  keep = (value: Json): Promise<Json> => this.source.blobs.keep(value);
  now = (): number => Date.now();
  handOver(): void {}
  note(): void {}
  async drop(): Promise<void> {}

  readonly attempt = stop;
  readonly sleep = stop;
  readonly receive = stop;
  readonly listen = stop;
  readonly ask = stop;
  readonly expire = stop;
  readonly spawn = stop;
  readonly childEnd = stop;
  readonly waiting = stop;
  readonly backoff = stop;
  readonly exceeded = stop;
  readonly compose = stop;

  private isAround(step: PlanStep, place: StepPlace): boolean {
    const { around, point } = this.source;
    return around.includes(step) && isWithin(point.iteration, place.iteration);
  }

  /** The way to the point leads through it: it is walked, not recalled. */
  private enter(step: PlanStep): StepRecord | undefined {
    if (step.kind === 'foreach' && readsClock(step.items)) {
      const text = `The list of ${step.name} depends on the time, so its iterations are others today. Re-run from ${step.name}.`;
      throw new MissionError('conflict', text);
    }
    if (step.kind !== 'conditional') return undefined;
    const { point } = this.source;
    const taken = point.path.startsWith(`${step.path}/then/`) ? 'then' : 'else';
    return { status: 'branch', taken, started_ms: this.now() };
  }
}
