import { type MissionError, toStepError, type StepError } from '../../../contracts/errors.js';
import type { Json } from '../../../contracts/json/json.js';

/** A step failed and nothing has handled it yet. Fatal: a limit; no `on_error` may catch it. */
export class StepFailure extends Error {
  constructor(
    readonly error: StepError,
    readonly fatal = false,
  ) {
    super(error.message);
  }

  static of(thrown: MissionError, step: string): StepFailure {
    return new StepFailure({ step, ...toStepError(thrown) });
  }
}

/** `return`: the run ends with this value. */
export class ReturnSignal extends Error {
  constructor(readonly value: Json) {
    super('return');
  }
}

/** A segment cannot go on; the workflow decides (`step`), calls again (`budget`), waits (`paused`) or ends (`cancelled`). */
export class StopSignal extends Error {
  constructor(readonly stop: 'step' | 'budget' | 'cancelled' | 'paused') {
    super(`segment stopped: ${stop}`);
  }
}
