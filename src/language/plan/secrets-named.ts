import { isObject, type Json } from '../../contracts/json/json.js';
import type { Plan, PlanStep } from '../../contracts/plan.js';
import { secretNameOf } from '../../contracts/secret.js';
import { specOf } from './kinds.js';

/** Names of the secrets in a step's own fields. */
export const secretsOf = (step: PlanStep): string[] => namesIn(specOf(step).secrets(step));

/** Names of the secrets in the defaults of inputs. */
export const secretsOfInputs = ({ inputs }: Pick<Plan, 'inputs'>): string[] =>
  Object.values(inputs).flatMap((spec) => namesIn(spec.default ?? null));

function namesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (isObject(value)) return Object.values(value).flatMap(namesIn);
  const name = secretNameOf(value);
  return name === undefined ? [] : [name];
}
