import { type Json, textOf } from '../../contracts/json/json.js';
import type { PlanEstimate } from '../../language/plan/estimate/estimate.js';
import type {
  Change,
  ChangedStep,
  PlanDiff,
  StepAt,
} from '../../language/plan/change/plan-diff.js';
import { paint } from '../terminal/io.js';
import { duration } from './duration.js';
import { table } from './table.js';

/** Formats a comparison of two plans; equal parts are left out. */
export function renderDiff(
  diff: PlanDiff,
  cost: readonly [before: PlanEstimate, after: PlanEstimate],
  stream: NodeJS.WritableStream,
): string {
  const { permissions, added, removed, changed } = diff;
  const plus = (text: string) => paint('green', `+ ${text}`, stream);
  const minus = (text: string) => paint('red', `- ${text}`, stream);
  const groups: [string, string[]][] = [
    ['directive', diff.directive.flatMap((each) => renderChange(each))],
    ['inputs', diff.inputs.flatMap((each) => renderChange(each))],
    ['limits', diff.limits.flatMap((each) => renderChange(each))],
    ['permissions', [...permissions.removed.map(minus), ...permissions.added.map(plus)]],
    [
      'steps',
      [
        ...removed.map((step) => minus(title(step))),
        ...added.map((step) => plus(title(step))),
        ...changed.flatMap((step) => renderStep(step, stream)),
      ],
    ],
  ];
  const sections = groups
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => [name, ...lines.map((line) => `  ${line}`)].join('\n'));
  const head = paint('bold', `${label(diff, 0)} → ${label(diff, 1)}`, stream);
  return [
    head,
    ...(sections.length > 0 ? sections : ['the two plans do the same']),
    renderCost(cost),
  ].join('\n\n');
}

const label = ({ name, version }: PlanDiff, at: 0 | 1): string => `${name[at]}@${version[at]}`;

const title = ({ path, kind }: StepAt): string => `${path} (${kind})`;

function renderStep(step: ChangedStep, stream: NodeJS.WritableStream): string[] {
  const { moved_from, reordered, changes } = step;
  const moved = moved_from === undefined ? '' : `, was ${moved_from}`;
  const order = reordered ? ', in a different order' : '';
  return [
    paint('yellow', `~ ${title(step)}${moved}${order}`, stream),
    ...changes.flatMap((each) => renderChange(each, '    ')),
  ];
}

const WIDEST = 100;

const shown = (value: Json): string => {
  const text = textOf(value);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
};

function renderChange({ key, before, after }: Change, indent = ''): string[] {
  if (before === null) return [`${indent}${key}: ${shown(after)} (new)`];
  if (after === null) return [`${indent}${key}: ${shown(before)} (gone)`];
  return [`${indent}${key}: ${shown(before)} → ${shown(after)}`];
}

function renderCost([before, after]: readonly [PlanEstimate, PlanEstimate]): string {
  const rows: [string, (estimate: PlanEstimate) => string][] = [
    ['activities', ({ activities }) => range(activities.planned)],
    ['history events', ({ history_events }) => range(history_events.planned)],
    ['child runs', ({ child_runs }) => range(child_runs)],
    ['steps at the same time', ({ lanes }) => count(lanes)],
    ['at most', ({ worst_seconds }) => duration(worst_seconds * 1000)],
    ['rights', ({ rights }) => list(rights)],
    ['MCP servers', ({ servers }) => list(servers)],
    ['models', ({ models }) => list(models)],
    ['secrets', ({ secrets }) => list(secrets)],
    ['scripts', ({ scripts }) => list(scripts)],
  ];
  const cells = rows.map(([name, of]) => [name, of(before), of(after)]);
  const differ = cells.filter(([, old, fresh]) => old !== fresh);
  if (differ.length === 0) return 'Cost and permissions are the same.';
  return table(['COST', 'BEFORE', 'AFTER'], differ);
}

const count = (value: number): string => value.toLocaleString('en');

const range = ({ usual, worst }: { usual: number; worst: number }): string =>
  usual === worst ? count(usual) : `${count(usual)} to ${count(worst)}`;

const list = (names: readonly string[]): string => names.join(', ') || 'none';
