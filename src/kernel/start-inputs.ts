import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import { MAX_INPUT_BYTES, type Plan } from '../contracts/plan.js';
import { checkInputs } from '../language/inputs/check-inputs.js';

/**
 * The inputs of a run, checked and with defaults.
 * @throws MissionError `input_invalid`, `too_large`
 */
export function startInputs(plan: Plan, given: JsonObject): JsonObject {
  const { inputs, problems } = checkInputs(plan.inputs, given);
  if (problems.length > 0) {
    const list = problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message));
    const text = `The inputs of ${plan.name} are invalid: ${list.join('; ')}`;
    throw new MissionError('input_invalid', text, { problems: problems as never });
  }
  const bytes = Buffer.byteLength(JSON.stringify(inputs));
  if (bytes <= MAX_INPUT_BYTES) return inputs;
  const text = `The inputs are ${bytes} bytes long, more than ${MAX_INPUT_BYTES}. Put the data into a file of the project and pass its path instead.`;
  throw new MissionError('too_large', text);
}
