import type { KernelLimits } from '../bubblewrap/jailed-command.js';
import type { WatchLimits } from './process-watch.js';

/** What the processes of one call may use; `mission.yaml` can say otherwise under `scripts.limits`. */
export type ScriptLimits = KernelLimits & WatchLimits;

export const DEFAULT_SCRIPT_LIMITS: ScriptLimits = {
  processes: 128,
  files: 1_024,
  fileMib: 256,
  /** Far more than they hold: V8 and others reserve before they use. */
  dataMib: 4_096,
  cpuSeconds: 3_600,
  memoryMib: 1_024,
  diskMib: 1_024,
};
