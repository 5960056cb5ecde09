import type { DataSource } from 'typeorm';
import type { AutomationSweep } from '../automations/automation-sweep.js';
import type { Recorder } from '../observation/record.js';
import type { Approvals } from '../runs/approvals.js';
import type { ArtifactStore } from '../runs/values/artifact-store.js';
import type { Blobs } from '../runs/values/blobs.js';
import type { CancelWatch } from '../runs/cancel-watch.js';
import type { Events } from '../runs/events.js';
import type { Journal } from '../runs/journal/journal.js';
import type { WorkerCapacity } from '../runs/dispatch/worker-capacity.js';
import type { Plans } from '../runs/values/plans.js';
import type { Children } from './children.js';
import type { ThreadTurns } from '../threads/thread-turns.js';
import type { StepRunner } from './steps/step-runner.js';

/** The services that activities delegate to. */
export interface ActivityServices {
  dataSource: DataSource;
  recorder: Recorder;
  journal: Journal;
  blobs: Blobs;
  plans: Plans;
  runner: StepRunner;
  threads: Pick<ThreadTurns, 'advance' | 'expire'>;
  automations: Pick<AutomationSweep, 'fire'>;
  events: Events;
  approvals: Approvals;
  children: Children;
  artifacts: ArtifactStore;
  cancelWatch: CancelWatch;
  load: WorkerCapacity;
}
