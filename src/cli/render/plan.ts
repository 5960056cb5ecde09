import type { Plan, PlanStep } from '../../contracts/plan.js';
import { specOf } from '../../language/plan/kinds.js';
import { shortText } from '../../language/plan/short-text.js';
import { bodiesOf, handlersOf } from '../../language/plan/steps/step-blocks.js';
import { duration } from './duration.js';
import { table } from './table.js';

interface PlanLine {
  depth: number;
  /** The label of the block that begins with this step, such as `else`. */
  branch?: string;
  step: PlanStep;
}

/**
 * Lists every step in the order of the text, with blocks and handlers below
 * their step.
 */
const planLines = (steps: readonly PlanStep[], depth = 0, branch?: string): PlanLine[] =>
  steps.flatMap((step, index) => [
    { depth, step, ...(branch && index === 0 && { branch }) },
    ...[...bodiesOf(step), ...handlersOf(step)].flatMap(([label, inside]) =>
      planLines(inside, depth + 1, label),
    ),
  ]);

/**
 * Formats the steps as a table.
 * @param runs how each step runs as activities, by its path
 */
export const renderSteps = (
  plan: Plan,
  runs: ReadonlyMap<string, string>,
  columns: number | undefined,
): string =>
  table(
    ['STEP', 'KIND', 'RUNS', 'TIMEOUT', 'ATTEMPTS', 'DOES'],
    [...planLines(plan.steps), ...planLines(plan.always ?? [], 0, 'always')].map(
      ({ depth, branch, step }) => [
        `${'  '.repeat(depth)}${branch ? `${branch}: ` : ''}${step.name}`,
        step.kind,
        runs.get(step.path) ?? '',
        step.timeout_seconds === undefined ? '' : duration(step.timeout_seconds * 1000),
        step.retry ? String(step.retry.attempts) : '',
        [step.if === undefined ? '' : `if ${shortText(step.if)}`, specOf(step).summary(step)]
          .filter(Boolean)
          .join(' → '),
      ],
    ),
    columns,
  );
