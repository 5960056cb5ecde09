import {
  activityInfo,
  ApplicationFailure,
  cancellationSignal,
  CancelledFailure,
  heartbeat,
} from '@temporalio/activity';
import type { DataSource } from 'typeorm';
import type { ApprovalAnswer, ApprovalRequest } from '../contracts/approval.js';
import { MissionError, type StepError } from '../contracts/errors.js';
import type { Json } from '../contracts/json.js';
import type {
  ChildEnd,
  FinishInput,
  ListPart,
  LoopRecord,
  OwnStepInput,
  OwnStepOutput,
  RunScope,
  ScopeSnapshot,
  SegmentInput,
  SegmentOutput,
  Spawned,
  SpawnRequest,
  StepNote,
  StepPlace,
  Undo,
} from '../contracts/run.js';
import { Block } from '../language/block.js';
import { excerpt } from '../language/excerpt.js';
import type { Outcome } from '../contracts/execution.js';
import type { ShadowInput } from '../contracts/shadow.js';
import type { Recorder } from '../observation/record.js';
import type { ArtifactStore } from '../runs/artifact-store.js';
import type { Approvals } from '../runs/approvals.js';
import type { Blobs } from '../runs/blobs.js';
import { composeLoop } from '../runs/compose-loop.js';
import type { CancelWatch } from '../runs/cancel-watch.js';
import type { Load } from '../runs/load.js';
import type { EventWait, Events } from '../runs/events.js';
import { finishRun } from '../runs/finish.js';
import { cancelledOutcome } from '../runs/foreign-end.js';
import type { Journal } from '../runs/journal.js';
import type { Plans } from '../runs/plans.js';
import { reopenRun } from '../runs/reopen.js';
import { listPart } from './list-part.js';
import { LogBuffer } from './log-buffer.js';
import type { Children } from './children.js';
import { renderFetching } from '../kernel/render-fetching.js';
import { runShadow } from './run-shadow.js';
import { runOwnStep } from './run-own-step.js';
import { RunArtifacts } from './run-artifacts.js';
import { runSegment } from './run-segment.js';
import { StepProgress } from './step-progress.js';
import type { StepRunner } from './step-runner.js';
import { vetInputs } from './vet-inputs.js';

/** What activities delegate to. */
export interface ActivityServices {
  dataSource: DataSource;
  recorder: Recorder;
  journal: Journal;
  blobs: Blobs;
  plans: Plans;
  runner: StepRunner;
  events: Events;
  approvals: Approvals;
  children: Children;
  artifacts: ArtifactStore;
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
  /** A result of more bytes than that goes by reference. */
  inline_bytes: number;
}

const HEARTBEAT_MS = 3_000;

/**
 * Everything that workflows call. Steps and segments go by their own names to `default`; the others
 * have a dot in their names, so that no step can be called like one of them.
 */
export function createActivities(services: ActivityServices) {
  const { blobs } = services;
  return lasting({
    async default(input: SegmentInput | OwnStepInput): Promise<SegmentOutput | OwnStepOutput> {
      const signal = cancellationSignal();
      const watch = services.cancelWatch.watch(input.run.id, input.ending);
      const log = new LogBuffer(services.recorder);
      const now = () => Date.now();
      const engineRunId = runIdOfEngine();
      const progress = new StepProgress(services.journal, input.run.id, 'start' in input);
      const artifacts = new RunArtifacts(
        services.artifacts,
        input.run.id,
        services.recorder.redactor,
      );
      const aside = { log, progress, artifacts };
      const each = { ...services, ...aside, signal, cancelled: watch.signal, now, engineRunId };
      try {
        if (input.recovered) await reopenRun(services.dataSource, input.run.id, engineRunId);
        if ('start' in input) {
          const work = () => services.load.during(() => runSegment(each, input));
          return await (activityInfo().isLocal ? work() : whileBeating(work, signal));
        }
        const again = activityInfo().attempt > 1 || input.recovered;
        return await whileBeating(() => runOwnStep({ ...each, again }, input), signal);
      } finally {
        watch.end();
      }
    },

    async 'run.shadow'(input: ShadowInput): Promise<Outcome> {
      const signal = cancellationSignal();
      const watch = services.cancelWatch.watch(input.run.id, false);
      try {
        const each = { ...services, signal, cancelled: watch.signal };
        return await whileBeating(() => runShadow(each, input), signal);
      } finally {
        watch.end();
      }
    },

    async 'run.finish'({ run, outcome, spent, notes }: FinishInput): Promise<void> {
      await services.journal.notes(run.id, notes);
      const { dataSource } = services;
      const engineRunId = runIdOfEngine();
      const end = async () => {
        const told =
          outcome.status === 'cancelled'
            ? await cancelledOutcome(dataSource, run.id, engineRunId, outcome)
            : outcome;
        return finishRun(dataSource, run.id, told, { engineRunId, spent });
      };
      // One that had ended goes on, perhaps: it was taken back in the engine.
      if (!(await end()) && (await reopenRun(dataSource, run.id, engineRunId))) await end();
    },

    'run.notes': (runId: string, notes: StepNote[]): Promise<void> =>
      services.journal.notes(runId, notes),

    /** Steps inside a place that were given up before they ended. */
    async 'run.drop'(runId: string, place: StepPlace, notes: StepNote[]): Promise<void> {
      await services.journal.notes(runId, notes);
      await services.journal.drop(runId, place);
    },

    'run.spawn': async (request: SpawnRequest): Promise<Spawned> => {
      await vetInputs(services, request);
      return services.children.spawn(request);
    },

    'run.child_end': (id: string, limit: number): Promise<ChildEnd> =>
      services.children.end(id, limit),

    'run.stop_child': (id: string, reason: string): Promise<void> =>
      services.children.stop(id, reason),

    'run.undo': (runId: string, after: string | null): Promise<Undo[]> =>
      services.journal.toUndo(runId, after),

    /** A compensation that failed: what it should have undone is as it was. */
    async 'run.undo_failed'(runId: string, step: string, at: StepPlace, error: StepError) {
      await services.recorder.alert({
        kind: 'compensation_failed',
        severity: 'critical',
        message: `${step} could not be undone: ${error.message}`,
        subject: `execution:${runId}`,
        data: { path: at.path, iteration: at.iteration, code: error.code },
        run_id: runId,
        idempotency_key: `undo:${runId}:${at.path}:${at.iteration}`,
      });
    },

    'events.listen': (wait: EventWait): Promise<void> => services.events.listen(wait),

    'approvals.ask': (
      runId: string,
      request: ApprovalRequest,
    ): Promise<ApprovalAnswer | undefined> => services.approvals.ask(runId, request),

    'approvals.expire': (runId: string, place: StepPlace): Promise<ApprovalAnswer> =>
      services.approvals.expire(runId, place),

    /** Renders a template that the workflow cannot: it looks into a value by reference. */
    async 'values.render'(input: RenderInput): Promise<Json> {
      const { template, place, now_ms } = input;
      const values = { ...input, now: () => now_ms };
      const block = Block.restore(input.scope);
      const result = await renderFetching(blobs, template, values, block, place);
      return blobs.keep(result, input.inline_bytes);
    },

    'values.keep': (value: Json, limit?: number): Promise<Json> => blobs.keep(value, limit),

    'values.part': (list: Json, from: number): Promise<ListPart | undefined> =>
      listPart(blobs, list, from),

    'values.text': async (value: Json): Promise<string> => excerpt(await blobs.resolve(value)),

    'values.compose': (loop: LoopRecord, count: number): Promise<Json> =>
      composeLoop(blobs, loop, count),
  });
}

const runIdOfEngine = (): string => activityInfo().workflowExecution!.runId;

export type Activities = ReturnType<typeof createActivities>;

/** A failure that no repetition cures is the step's, or the run's; the workflow repeats all others. */
function lasting<T extends Record<string, (...args: never[]) => Promise<unknown>>>(all: T): T {
  const wrapped = Object.entries(all).map(([name, work]) => [
    name,
    async (...args: never[]) => {
      try {
        return await work(...args);
      } catch (thrown) {
        if (!(thrown instanceof MissionError) || thrown.retryable) throw thrown;
        const { code, message, data } = thrown;
        const details = data === undefined ? [] : [data];
        throw ApplicationFailure.create({ message, type: code, nonRetryable: true, details });
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

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
