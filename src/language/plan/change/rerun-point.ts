import { MissionError } from '../../../contracts/errors.js';
import { HOOK_MOMENTS, type Plan, type PlanStep } from '../../../contracts/plan.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { isLoop, lineageOf } from './lineage.js';
import { didYouMean } from '../../text/nearest.js';
import { inner } from '../steps/step-blocks.js';
import { stepPositions } from '../steps/step-positions.js';

/**
 * Roles of lists in which a re-run cannot begin: they are reached by a failure, a hook, the end of the run or a model.
 */
const ASIDE = ['turns', 'on_error', 'compensate', 'always', ...HOOK_MOMENTS];

/**
 * Resolves the point where a re-run begins: a step by its name or path. Inside loops `iteration` selects the iteration;
 * for a loop itself, it is the iteration to begin with.
 * @throws MissionError `input_invalid` that names the possible choices
 */
export function rerunPoint(plan: Plan, name: string, iteration: string | null): StepPlace {
  const lineage = lineageOf(plan, pathOf(plan, name))!;
  const step = lineage.at(-1)!.step;
  const aside = lineage.find(({ label }) => ASIDE.includes(label));
  if (aside)
    throw invalid(`the step ${name} belongs to ${aside.label}: a re-run cannot start with it`);
  const loops = lineage.slice(0, -1).filter((around) => isLoop(around.step));
  const indices = indicesOf(iteration);
  if (indices.length === loops.length) return { path: step.path, iteration: indices.join('.') };
  if (isLoop(step) && indices.length === loops.length + 1) {
    const [first] = inner(step);
    return { path: first!.path, iteration: indices.join('.') };
  }
  throw invalid(
    wrongIteration(
      step,
      loops.map((around) => around.step.name),
      indices,
    ),
  );
}

function pathOf(plan: Plan, name: string): string {
  const positions = stepPositions(plan);
  const known = [...positions].map(
    ([path, { steps, index }]) => [path, steps[index]!.name] as const,
  );
  const found = positions.has(name) ? name : known.find(([, each]) => each === name)?.[0];
  if (found !== undefined) return found;
  const names = known.map(([, each]) => each);
  const hint = didYouMean(name, names) ?? `the steps are ${names.slice(0, 20).join(', ')}`;
  throw invalid(`there is no step "${name}" in ${plan.name} ${plan.directive_version}; ${hint}`);
}

function indicesOf(iteration: string | null): number[] {
  if (iteration === null || iteration === '') return [];
  if (/^\d{1,9}(\.\d{1,9})*$/.test(iteration)) return iteration.split('.').map(Number);
  throw invalid(
    `the iteration is ${JSON.stringify(iteration)}; it must be an index, or several indices joined by dots`,
  );
}

function wrongIteration(step: PlanStep, loops: string[], indices: number[]): string {
  const { name } = step;
  if (loops.length === 0) {
    const hint = isLoop(step) ? 'give one index' : 'leave the iteration out';
    return `the step ${name} is not in a loop: ${hint}`;
  }
  const wanted = loops.map((loop) => `that of ${loop}`).join(', then ');
  const given = indices.length === 0 ? 'none is given' : `${indices.length} are given`;
  return `the step ${name} is in ${loops.length === 1 ? 'a loop' : 'loops'}: name the iteration by ${loops.length} ${loops.length === 1 ? 'index' : 'indices'} (${wanted}); ${given}`;
}

function invalid(message: string): MissionError {
  const end = message.endsWith('?') ? '' : '.';
  return new MissionError('input_invalid', `${message[0]!.toUpperCase()}${message.slice(1)}${end}`);
}
