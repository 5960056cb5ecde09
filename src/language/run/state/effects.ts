import type { DurableEffects } from './durable-effects.js';
import type { StepEffects } from './step-effects.js';
import type { ValueEffects } from './value-effects.js';

/**
 * Everything that the interpreter cannot do itself. In the workflow these are Temporal's, in a
 * segment direct calls; a segment throws a StopSignal where only the workflow may go on.
 */
export type Effects = ValueEffects & StepEffects & DurableEffects;
