import { isObject, type Json } from '../contracts/json.js';
import type { Plan, PlanStep } from '../contracts/plan.js';
import { secretNameOf } from '../contracts/secret.js';
import { stepTemplate } from './step-template.js';

/** The secrets that a step names itself. */
export function secretsOf(step: PlanStep): string[] {
  if (step.kind === 'directive') return namesIn(step.inputs);
  return step.kind === 'script' || step.kind === 'mcp' ? namesIn(stepTemplate(step)) : [];
}

/** The secrets that inputs have as their defaults. */
export const secretsOfInputs = ({ inputs }: Pick<Plan, 'inputs'>): string[] =>
  Object.values(inputs).flatMap((spec) => namesIn(spec.default ?? null));

function namesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (isObject(value)) return Object.values(value).flatMap(namesIn);
  const name = secretNameOf(value);
  return name === undefined ? [] : [name];
}
