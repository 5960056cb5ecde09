import type { Effects } from '../../language/run/state/effects.js';
import { noDurableEffects } from '../../language/run/state/no-durable-effects.js';
import { StopSignal } from '../../language/run/state/signals.js';

const stop = (): never => {
  throw new StopSignal('step');
};

/** The effects that only the workflow has. A segment that needs one stops, and the workflow continues from that step. */
export const notInSegment = {
  ...noDurableEffects(stop),
  backoff: stop,
  branch: stop,
  drop: stop,
  exceeded: stop,
  handOver: stop,
} satisfies Partial<Effects>;
