import { MissionError } from '../contracts/errors.js';
import { type JsonObject, textOf } from '../contracts/json/json.js';
import type { ConcurrencyRule, Plan } from '../contracts/plan.js';
import type { RunScope } from '../contracts/run/scope.js';
import type { StepPlace } from '../contracts/run/place.js';
import { Block } from '../language/run/state/block.js';
import { evaluationScope } from '../language/run/state/evaluation-scope.js';
import { render } from '../language/expression/template.js';

const MAX_KEY = 200;
const NOWHERE: StepPlace = { path: '', iteration: '' };

/** The slot that a run must hold before it may begin. */
export interface Slot extends ConcurrencyRule {
  /** The `concurrency.key` with its expressions evaluated, 1 to 200 characters. */
  key: string;
}

/**
 * The slot that a run of a Plan needs; undefined when its directive has no `concurrency`.
 * @throws MissionError `expression_error` when the key cannot be evaluated, is empty or too long
 */
export function slotOf({ concurrency }: Plan, run: RunScope, inputs: JsonObject): Slot | undefined {
  if (!concurrency) return undefined;
  const now = () => Date.parse(run.started_at);
  const scope = evaluationScope({ run, inputs, deref: () => undefined, now }, new Block(), NOWHERE);
  const value = render(concurrency.key, scope);
  const key = textOf(value);
  if (key !== '' && key.length <= MAX_KEY) return { ...concurrency, key };
  const text = `concurrency.key must be a text of 1 to ${MAX_KEY} characters, but it is ${JSON.stringify(key.slice(0, 80))}.`;
  throw new MissionError('expression_error', text);
}
