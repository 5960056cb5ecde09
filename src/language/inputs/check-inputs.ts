import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { InputSpec } from '../../contracts/plan.js';
import { checkValue } from './check-value.js';
import { didYouMean } from '../text/nearest.js';

/** One problem of the inputs of a run. */
export interface InputProblem {
  input: string;
  message: string;
  hint?: string;
}

/**
 * Checks the inputs of a run against the directive's declarations, and fills in defaults. Null counts as absent. An
 * optional input without a value or default is left out and reads as null.
 * @returns all problems, or the complete inputs when there are none
 */
export function checkInputs(
  specs: Readonly<Record<string, InputSpec>>,
  given: JsonObject,
): { inputs: JsonObject; problems: InputProblem[] } {
  const unknown = Object.keys(given).filter((input) => !Object.hasOwn(specs, input));
  const problems = unknown.map((input) => unknownInput(input, Object.keys(specs)));
  const inputs: [string, Json][] = [];
  for (const [input, spec] of Object.entries(specs)) {
    const value = ownValue(given, input) ?? spec.default ?? null;
    const problem = problemWith(input, spec, value);
    if (problem) problems.push(problem);
    else if (value !== null) inputs.push([input, value]);
  }
  return { inputs: Object.fromEntries(inputs), problems };
}

const ownValue = (given: JsonObject, input: string): Json | undefined =>
  Object.hasOwn(given, input) ? given[input] : undefined;

function unknownInput(input: string, known: string[]): InputProblem {
  const listed = known.length ? `the inputs are ${known.join(', ')}` : 'there are no inputs';
  return {
    input,
    message: `there is no input "${input}"`,
    hint: didYouMean(input, known) ?? listed,
  };
}

function problemWith(input: string, spec: InputSpec, value: Json): InputProblem | undefined {
  if (value === null) {
    if (!spec.required) return undefined;
    return {
      input,
      message: `the input "${input}" is missing`,
      ...(spec.description && { hint: spec.description }),
    };
  }
  const found = checkValue(spec, value);
  return found && { input, ...found, message: `the input "${input}" ${found.message}` };
}
