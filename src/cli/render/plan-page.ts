import type { ConcurrencyRule, Plan } from '../../contracts/plan.js';
import type { PlanEstimate } from '../../language/plan/estimate/estimate.js';
import type { Session } from '../client/session.js';
import { duration } from './duration.js';
import { renderSteps } from './plan.js';
import { table } from './table.js';

/**
 * Formats a plan: the resources that it touches, its steps and its worst-case
 * cost.
 */
export const renderPlan = (session: Session, found: Plan, estimate: PlanEstimate): string =>
  [
    heading(session, found, estimate),
    stepTable(session, found, estimate),
    worstCase(found, estimate),
  ].join('\n\n');

function heading(session: Session, found: Plan, estimate: PlanEstimate): string {
  const { rights, servers, models, secrets, scripts, directives } = estimate;
  const granted =
    found.permissions === null
      ? 'all rights of the actor who starts the run'
      : list(found.permissions);
  const touched: [string, string[]][] = [
    ['scripts', scripts],
    ['runs', directives],
    ['servers', servers],
    ['models', models],
    ['secrets', secrets],
    ['hooks', Object.keys(found.hooks ?? {})],
    ['limit', found.concurrency ? [limitText(found.concurrency)] : []],
  ];
  return [
    `${session.paint('bold', found.name)}@${found.directive_version}`,
    ...(found.description ? [found.description] : []),
    `granted   ${granted}`,
    `needed    ${list(rights)}`,
    ...touched
      .filter(([, names]) => names.length > 0)
      .map(([what, names]) => `${what.padEnd(9)} ${list(names)}`),
  ].join('\n');
}

const limitText = ({ key, limit, on_full }: ConcurrencyRule): string =>
  `${limit} of ${JSON.stringify(key)}; when the limit is reached: ${on_full.replace('_', ' ')}`;

const stepTable = (session: Session, found: Plan, { steps }: PlanEstimate): string =>
  renderSteps(found, new Map(steps.map(({ path, runs }) => [path, runs])), session.columns);

function worstCase({ limits }: Plan, estimate: PlanEstimate): string {
  const { activities, history_events: events, child_runs, lanes, worst_seconds } = estimate;
  const rows = [
    ['as planned', ...both(activities.planned), ...both(events.planned)],
    ['with trace: step', ...both(activities.traced), ...both(events.traced)],
  ];
  const head = ['', 'ACTIVITIES', 'AT MOST', 'HISTORY EVENTS', 'AT MOST'];
  const facts = [
    `At most ${duration(worst_seconds * 1000)}; the limit is ${duration(limits.duration_seconds * 1000)}.`,
    ...(lanes > 1 ? [`Up to ${count(lanes)} steps at the same time.`] : []),
    ...(child_runs.worst > 0 ? [`Up to ${count(child_runs.worst)} child runs.`] : []),
  ];
  return `${table(head, rows)}\n${facts.join(' ')}`;
}

const both = ({ usual, worst }: { usual: number; worst: number }): string[] => [
  count(usual),
  count(worst),
];

const count = (value: number): string => value.toLocaleString('en');

const list = (names: readonly string[]): string => names.join(', ') || 'none';
