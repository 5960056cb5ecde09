import type { StepError } from '../contracts/errors.js';
import type { ChildEnd, Spawned, SpawnRequest } from '../contracts/run/child.js';
import type { FinishInput, Compensation } from '../contracts/run/run-input.js';
import type { StepNote } from '../contracts/run/segment.js';
import type { StepPlace } from '../contracts/run/place.js';
import { finishRun } from '../runs/ending/finish.js';
import { cancelledOutcome } from '../runs/ending/external-termination.js';
import { reopenRun } from '../runs/ending/reopen.js';
import type { ActivityServices } from './activity-services.js';
import { engineRunId } from './engine-run-id.js';
import { refuseForeignSecretsInInputs } from './steps/refuse-foreign-secrets.js';

/** Activities that write the steps and the end of a run, and that start and stop its child runs. */
export const runActivities = (services: ActivityServices) => ({
  'run.finish': (input: FinishInput): Promise<void> => finish(services, input),

  'run.notes': (runId: string, notes: StepNote[]): Promise<void> =>
    services.journal.notes(runId, notes),

  /** Cancels the rows of steps inside a place that were abandoned before they ended. */
  async 'run.drop'(runId: string, place: StepPlace, notes: StepNote[]): Promise<void> {
    await services.journal.notes(runId, notes);
    await services.journal.drop(runId, place);
  },

  'run.spawn': async (request: SpawnRequest): Promise<Spawned> => {
    await refuseForeignSecretsInInputs(services, request);
    return services.children.spawn(request);
  },

  'run.child_end': (id: string, limit: number): Promise<ChildEnd> =>
    services.children.end(id, limit),

  'run.stop_child': (id: string, reason: string): Promise<void> =>
    services.children.stop(id, reason),

  'run.undo': (runId: string, after: string | null): Promise<Compensation[]> =>
    services.journal.pendingCompensations(runId, after),

  /** Raises an alert for a failed compensation, because the effects of its step remain. */
  async 'run.undo_failed'(
    runId: string,
    step: string,
    at: StepPlace,
    error: StepError,
  ): Promise<void> {
    await services.recorder.alert({
      kind: 'compensation_failed',
      severity: 'critical',
      message: `the compensation of ${step} failed: ${error.message}`,
      subject: `execution:${runId}`,
      data: { path: at.path, iteration: at.iteration, code: error.code },
      run_id: runId,
      idempotency_key: `undo:${runId}:${at.path}:${at.iteration}`,
    });
  },
});

async function finish(
  { dataSource, journal }: ActivityServices,
  { run, outcome, spent, notes }: FinishInput,
): Promise<void> {
  await journal.notes(run.id, notes);
  const id = engineRunId();
  const end = async () => {
    const final =
      outcome.status === 'cancelled'
        ? await cancelledOutcome(dataSource, run.id, id, outcome)
        : outcome;
    return finishRun(dataSource, run.id, final, { engineRunId: id, spent });
  };
  // After a reset in Temporal the row still says that the run has ended: it is reopened, and ended again.
  if (!(await end()) && (await reopenRun(dataSource, run.id, id))) await end();
}
