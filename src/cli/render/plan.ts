import { textOf } from '../../contracts/json.js';
import type { ApproveStep, Plan, PlanStep, Template, WaitStep } from '../../contracts/plan.js';
import { bodiesOf, handlersOf } from '../../language/step-blocks.js';
import { duration } from './duration.js';
import { table } from './table.js';

interface PlanLine {
  depth: number;
  /** Where a block begins: what it is to the step above. */
  branch?: string;
  step: PlanStep;
}

/** Every step in the order of the text, blocks and handlers below their step. */
const planLines = (steps: readonly PlanStep[], depth = 0, branch?: string): PlanLine[] =>
  steps.flatMap((step, index) => [
    { depth, step, ...(branch && index === 0 && { branch }) },
    ...[...bodiesOf(step), ...handlersOf(step)].flatMap(([label, inside]) =>
      planLines(inside, depth + 1, label),
    ),
  ]);

/** The steps as a table; `runs` says for each path how it becomes activities. */
export const renderSteps = (plan: Plan, runs: ReadonlyMap<string, string>): string =>
  table(
    ['STEP', 'KIND', 'RUNS', 'TIMEOUT', 'ATTEMPTS', 'DOES'],
    [...planLines(plan.steps), ...planLines(plan.always ?? [], 0, 'always')].map(
      ({ depth, branch, step }) => [
        `${'  '.repeat(depth)}${branch ? `${branch}: ` : ''}${step.name}`,
        step.kind,
        runs.get(step.path) ?? '',
        step.timeout_seconds === undefined ? '' : duration(step.timeout_seconds * 1000),
        step.retry ? String(step.retry.attempts) : '',
        [step.if === undefined ? '' : `if ${text(step.if)}`, does(step)]
          .filter(Boolean)
          .join(' → '),
      ],
    ),
  );

function does(step: PlanStep): string {
  switch (step.kind) {
    case 'script':
      return `${step.script}${step.system ? ' (system)' : ''}`;
    case 'mcp':
      return `${text(step.server)}: ${text(step.tool)}`;
    case 'set':
      return Object.keys(step.values).join(', ');
    case 'conditional':
      return `if ${text(step.test)}`;
    case 'foreach':
      return `${text(step.items)}${step.concurrency > 1 ? `, ${step.concurrency} at a time` : ''}`;
    case 'while':
      return `as long as ${text(step.test)}`;
    case 'parallel':
      return `${step.wait_for} of ${step.branches.length} branches`;
    case 'wait':
      return awaited(step);
    case 'approve':
      return approvedBy(step);
    case 'directive':
      return `${step.directive}${step.range === undefined ? '' : `@${step.range}`}`;
    case 'llm':
      return `${text(step.request['model'] ?? 'the default model')}, at most ${step.max_turns} turn${step.max_turns === 1 ? '' : 's'}`;
    case 'turn':
      return 'asks the model';
    case 'emit':
      return text(step.event);
    case 'return':
      return text(step.value);
    case 'fail':
      return text(step.message);
  }
}

/** `2 of operator, release_team; not who starts the run`. */
function approvedBy({ who, quorum, self_approval }: ApproveStep): string {
  const names = Array.isArray(who) ? who : [who];
  const asked = names.length > 0 ? names.map((name) => text(name)).join(', ') : 'whoever may';
  const count = quorum > 1 ? `${quorum} of ` : '';
  return `${count}${asked}${self_approval ? '' : ', not who starts the run'}`;
}

function awaited({ until, signal, event, duration_seconds }: WaitStep): string {
  if (until !== undefined) return `until ${text(until)}`;
  if (signal !== undefined) return `signal ${text(signal)}`;
  return event === undefined ? `${text(duration_seconds!)} s` : `event ${text(event)}`;
}

const WIDEST = 60;

function text(template: Template): string {
  const plain = textOf(template);
  return plain.length > WIDEST ? `${plain.slice(0, WIDEST - 1)}…` : plain;
}
