import type { PlanStep } from '../contracts/plan.js';

/** A list of steps within a step, and what it is to it. */
export type StepBlock = readonly [label: string, steps: readonly PlanStep[]];

/** What a step is made of. */
export function bodiesOf(step: PlanStep): StepBlock[] {
  switch (step.kind) {
    case 'conditional':
      return [
        ['then', step.then],
        ['else', step.else],
      ];
    case 'foreach':
    case 'while':
      return [['each', step.steps]];
    case 'llm':
      return [['turns', step.steps]];
    case 'parallel':
      return step.branches.map((steps, index) => [`branch ${index}`, steps]);
    default:
      return [];
  }
}

/** What follows when it fails, and what undoes it. */
export const handlersOf = ({ on_error, compensate, hooks }: PlanStep): StepBlock[] => [
  ...(Array.isArray(on_error) ? [['on_error', on_error] as const] : []),
  ...(compensate ? [['compensate', compensate] as const] : []),
  ...Object.entries(hooks ?? {}).flatMap(([moment, all]) =>
    all.map(({ steps }) => [moment, steps ?? []] as const),
  ),
];

/** The step with each step inside it, handlers of failures included, replaced. */
export function mapInner(step: PlanStep, change: (inside: PlanStep) => PlanStep): PlanStep {
  const on_error = Array.isArray(step.on_error) ? step.on_error.map(change) : step.on_error;
  const same = { ...step, ...(on_error && { on_error }) };
  switch (same.kind) {
    case 'conditional':
      return { ...same, then: same.then.map(change), else: same.else.map(change) };
    case 'foreach':
    case 'while':
      return { ...same, steps: same.steps.map(change) };
    case 'parallel':
      return { ...same, branches: same.branches.map((steps) => steps.map(change)) };
    case 'llm':
      return { ...same, steps: same.steps.map(change) as typeof same.steps };
    default:
      return same;
  }
}

/** The steps that a step is made of. */
export const inner = (step: PlanStep): PlanStep[] => bodiesOf(step).flatMap(([, steps]) => steps);

/** True for a step that is made of other steps. */
export const isComposite = ({ kind }: PlanStep): boolean =>
  ['conditional', 'foreach', 'while', 'parallel', 'llm'].includes(kind);
