import { cancellationSignal, CancelledFailure, heartbeat } from '@temporalio/activity';
import type { DataSource } from 'typeorm';
import { MissionError, toStepError } from '../contracts/errors.js';
import type { Json } from '../contracts/json.js';
import type {
  FinishInput,
  LoopRecord,
  OwnStepInput,
  OwnStepOutput,
  RunScope,
  ScopeSnapshot,
  SegmentInput,
  SegmentOutput,
  StepPlace,
} from '../contracts/run.js';
import { Block } from '../language/block.js';
import { evaluationScope } from '../language/evaluation-scope.js';
import { NeedsValue } from '../language/expression/needs-value.js';
import { render } from '../language/expression/template.js';
import type { Recorder } from '../observation/record.js';
import type { Blobs } from '../runs/blobs.js';
import { composeLoop } from '../runs/compose-loop.js';
import type { CancelWatch } from '../runs/cancel-watch.js';
import type { Load } from '../runs/load.js';
import { finishRun } from '../runs/finish.js';
import type { Journal } from '../runs/journal.js';
import type { Plans } from '../runs/plans.js';
import { LogBuffer } from './log-buffer.js';
import { runOwnStep } from './run-own-step.js';
import { runSegment } from './run-segment.js';
import type { StepRunner } from './step-runner.js';

/** What activities delegate to. */
export interface ActivityServices {
  dataSource: DataSource;
  recorder: Recorder;
  journal: Journal;
  blobs: Blobs;
  plans: Plans;
  runner: StepRunner;
  cancelWatch: CancelWatch;
  load: Load;
}

/** A template that reads a value by reference, with the scope to read it in. */
export interface RenderInput {
  run: RunScope;
  inputs: Json;
  template: Json;
  scope: ScopeSnapshot;
  place: StepPlace;
  now_ms: number;
}

const HEARTBEAT_MS = 3_000;

/**
 * Everything that workflows call. Steps and segments go by their own names to `default`; the others
 * have a dot in their names, so that no step can be called like one of them.
 */
export function createActivities(services: ActivityServices) {
  const { blobs } = services;
  return {
    async default(input: SegmentInput | OwnStepInput): Promise<SegmentOutput | OwnStepOutput> {
      const signal = cancellationSignal();
      const watch = services.cancelWatch.watch(input.run.id);
      const log = new LogBuffer(services.recorder);
      const each = { ...services, signal, cancelled: watch.signal, log };
      try {
        if ('start' in input) return await services.load.during(() => runSegment(each, input));
        return await whileBeating(() => runOwnStep(each, input), signal);
      } finally {
        watch.end();
      }
    },

    async 'run.finish'({ run, outcome, notes }: FinishInput): Promise<void> {
      await services.journal.notes(run.id, notes);
      await finishRun(services.dataSource, run.id, outcome);
    },

    /** Renders a template that the workflow cannot: it looks into a value by reference. */
    async 'values.render'(input: RenderInput): Promise<OwnStepOutput> {
      const scope = evaluationScope(
        { ...input, deref: (hash) => blobs.peek(hash), now: () => input.now_ms },
        Block.restore(input.scope),
        input.place,
      );
      for (;;) {
        try {
          return { result: await blobs.keep(render(input.template, scope)) };
        } catch (thrown) {
          if (thrown instanceof MissionError && thrown.code !== 'internal') {
            return { error: toStepError(thrown) };
          }
          if (!(thrown instanceof NeedsValue)) throw thrown;
          await blobs.get(thrown.hash);
        }
      }
    },

    'values.keep': (value: Json, limit?: number): Promise<Json> => blobs.keep(value, limit),

    'values.fetch': (value: Json): Promise<Json> => blobs.resolve(value),

    'values.compose': (loop: LoopRecord, count: number): Promise<Json> =>
      composeLoop(blobs, loop, count),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/** Heartbeats tell the engine that this worker lives, and bring the run's cancellation. */
async function whileBeating<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const beat = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } catch (thrown) {
    if (signal.aborted) throw new CancelledFailure('cancelled');
    throw thrown;
  } finally {
    clearInterval(beat);
  }
}
