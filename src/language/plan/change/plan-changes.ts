import type { JsonObject } from '../../../contracts/json/json.js';
import type { Plan, PlanStep } from '../../../contracts/plan.js';
import type { Before } from './reusable.js';
import { parseTemplate } from '../../expression/parse-template.js';
import { referencesOf } from '../../expression/references.js';
import { stepPositions } from '../steps/step-positions.js';
import { templateTexts } from '../template-texts.js';

/** Keys that do not affect a step's result, or that are compared separately. */
const NOT_COMPARED = new Set([
  ...[
    'description',
    'output',
    'retry',
    'timeout_seconds',
    'on_error',
    'compensate',
    'own',
    'effect',
  ],
  ...['steps', 'then', 'else', 'branches', 'hooks'],
]);

/** The compared keys of a step, without the steps inside it. */
const ownPart = (step: PlanStep): JsonObject =>
  Object.fromEntries(Object.entries(step).filter(([key]) => !NOT_COMPARED.has(key))) as JsonObject;

/**
 * Differences between two plans in the steps before and around a point; empty = results of one are valid for the other.
 */
export function changesBefore(old: Plan, now: Plan, [was, is]: [Before, Before]): string[] {
  const [wasThere, isThere] = [pathsOf(was), pathsOf(is)];
  const gone = wasThere.filter((path) => !isThere.includes(path));
  const fresh = isThere.filter((path) => !wasThere.includes(path));
  const both = wasThere.filter((path) => isThere.includes(path));
  const changed = both.filter((path) => textOf(old, path) !== textOf(now, path));
  const moved = both.join('\n') !== isThere.filter((path) => both.includes(path)).join('\n');
  return [
    ...gone.map((path) => `${path} no longer runs before it`),
    ...fresh.map((path) => `${path} is new and runs before it`),
    ...changed.map((path) => `${path} was changed`),
    ...(moved ? ['their order was changed'] : []),
  ];
}

const pathsOf = ({ reuse, around }: Before): string[] => [
  ...new Set([...around, ...reuse].map(({ path }) => path)),
];

function textOf(plan: Plan, path: string): string {
  const { steps, index } = stepPositions(plan).get(path)!;
  return JSON.stringify(ownPart(steps[index]!));
}

/** Those of the named inputs that the step's own expressions read. */
export function inputsRead(step: PlanStep, names: readonly string[]): string[] {
  const paths = templateTexts(ownPart(step))
    .flatMap((text) => parseTemplate(text).pieces)
    .flatMap((piece) => ('tree' in piece ? referencesOf(piece.tree) : []))
    .map(({ path }) => path)
    .filter(([root]) => root === 'inputs');
  return names.filter((name) => paths.some(([, field]) => field === undefined || field === name));
}
