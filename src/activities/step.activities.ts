import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { Outcome } from '../contracts/execution.js';
import type { OwnStepInput, OwnStepOutput } from '../contracts/run/own-step.js';
import type { SegmentInput, SegmentOutput } from '../contracts/run/segment.js';
import type { ShadowInput } from '../contracts/run/shadow.js';
import { reopenRun } from '../runs/ending/reopen.js';
import type { ActivityServices } from './activity-services.js';
import { engineRunId } from './engine-run-id.js';
import { LogBuffer } from './steps/log-buffer.js';
import { RunArtifacts } from './steps/run-artifacts.js';
import { runOwnStep } from './steps/run-own-step.js';
import { runSegment } from './steps/run-segment.js';
import { runShadow } from '../replays/run-shadow.js';
import { StepProgress } from './steps/step-progress.js';
import { withHeartbeat } from './with-heartbeat.js';

/** Activities that run steps. Steps and segments are scheduled under their own names, which Temporal passes to `default`. */
export const stepActivities = (services: ActivityServices) => ({
  async default(input: SegmentInput | OwnStepInput): Promise<SegmentOutput | OwnStepOutput> {
    const signal = cancellationSignal();
    const watch = services.cancelWatch.watch(input.run.id, input.ending);
    const each = { ...services, ...contextOf(services, input), signal, cancelled: watch.signal };
    try {
      if (input.recovered) await reopenRun(services.dataSource, input.run.id, each.engineRunId);
      if ('start' in input) {
        const work = () => services.load.during(() => runSegment(each, input));
        return await (activityInfo().isLocal ? work() : withHeartbeat(work, signal));
      }
      const again = activityInfo().attempt > 1 || input.recovered;
      return await withHeartbeat(() => runOwnStep({ ...each, again }, input), signal);
    } finally {
      watch.end();
    }
  },

  async 'run.shadow'(input: ShadowInput): Promise<Outcome> {
    const signal = cancellationSignal();
    const watch = services.cancelWatch.watch(input.run.id, false);
    try {
      const each = { ...services, signal, cancelled: watch.signal };
      return await withHeartbeat(() => runShadow(each, input), signal);
    } finally {
      watch.end();
    }
  },
});

/** The objects that belong to one call of an activity. */
function contextOf(
  { recorder, journal, artifacts }: ActivityServices,
  input: SegmentInput | OwnStepInput,
) {
  return {
    log: new LogBuffer(recorder),
    progress: new StepProgress(journal, input.run.id, 'start' in input),
    artifacts: new RunArtifacts(artifacts, input.run.id, recorder.redactor),
    now: () => Date.now(),
    engineRunId: engineRunId(),
  };
}
