import type { KernelLimits } from '../bubblewrap/jailed-command.js';
import type { WatchLimits } from './process-watch.js';

/**
 * Limits for the processes of one call; `scripts.limits` in `mission.yaml`
 * overrides them.
 */
export type ScriptLimits = KernelLimits & WatchLimits;

export const DEFAULT_SCRIPT_LIMITS: ScriptLimits = {
  processes: 128,
  files: 1_024,
  fileMib: 256,
  /**
   * Far more than scripts use: V8 and other runtimes reserve address space in
   * advance.
   */
  dataMib: 4_096,
  cpuSeconds: 3_600,
  memoryMib: 1_024,
  diskMib: 1_024,
};
