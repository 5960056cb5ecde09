import type { Json } from '../../contracts/json/json.js';
import type { ErrorView, RunView, SpentView, StepView } from '../client/views.js';
import type { Session } from '../client/session.js';
import { duration } from './duration.js';
import { errorText } from './error-text.js';
import { renderError } from './error.js';
import { table } from './table.js';

const COLOURS: Record<string, Parameters<Session['paint']>[0]> = {
  SUCCESS: 'green',
  ERROR: 'red',
  CANCELLED: 'yellow',
  RUNNING: 'cyan',
  WAITING: 'cyan',
};

export const RUN_HEAD = ['ID', 'DIRECTIVE', 'STATUS', 'STARTED', 'TOOK', 'ERROR'];

/** One line of `executions list`. */
export const runRow = (session: Session, run: RunView): string[] => [
  run.id,
  `${run.directiveName}@${run.directiveVersion}`,
  paintStatus(session, run.status),
  when(run.startedAt),
  duration(run.durationMs),
  run.error ? firstLine(errorText(run.error), 60) : '',
];

/** A status as the API writes it, in lower case and colour. */
export const paintStatus = (session: Session, status: string) =>
  session.paint(COLOURS[status] ?? 'dim', status.toLowerCase());

/** JSON over several lines, as people read it. */
export const pretty = (value: Json) => JSON.stringify(value, null, 2);

/** A time without its milliseconds, in UTC. */
export const when = (iso: string | null) => (iso ? `${iso.slice(0, 19).replace('T', ' ')}Z` : '-');

/** The first line of a text, shortened to `most` characters. */
export function firstLine(text: string, most: number): string {
  const line = text.split('\n', 1)[0]!;
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** A whole run for people: head, inputs, steps, result or error. */
export function renderRun(
  session: Session,
  run: RunView,
  steps: StepView[],
  waits: ReadonlyMap<string, string> = new Map(),
): string {
  const head = [
    `${run.directiveName}@${run.directiveVersion}  ${paintStatus(session, run.status)}  ${duration(run.durationMs)}`,
    `id        ${run.id}`,
    `started   ${when(run.startedAt)}  by ${run.actor} (${run.triggeredBy.toLowerCase()})`,
    ...(run.parentId ? [`child of  ${run.parentId}`] : []),
    ...(run.waitsFor ? [`waits     for a place among the runs of "${run.waitsFor}"`] : []),
    ...(run.rerunOf ? [`re-run of ${run.rerunOf}${fromText(run)}`] : []),
    ...(run.shadowOf ? [`shadow of ${run.shadowOf}: nothing was done`] : []),
    ...(run.spent ? [`spent     ${spentText(run.spent)}`] : []),
    ...(run.temporalUrl ? [`temporal  ${run.temporalUrl}`] : []),
  ];
  const parts = [head.join('\n'), section(session, 'inputs', pretty(run.inputs))];
  if (steps.length > 0) parts.push(section(session, 'steps', renderSteps(session, steps, waits)));
  if (run.error) parts.push(section(session, 'error', renderError(placed(run.error, steps))));
  else parts.push(section(session, 'result', pretty(run.result)));
  return parts.join('\n\n');
}

/** What it used of its limits; what it used nothing of is left out. */
function spentText({ steps, iterations, spawns, tokens, cost_usd }: SpentView): string {
  const counts: [number, string][] = [
    [steps, 'steps'],
    [iterations, 'iterations'],
    [spawns, 'child runs'],
    [tokens, 'tokens'],
    [+cost_usd.toFixed(6), 'USD'],
  ];
  const used = counts.filter(([count]) => count > 0);
  return (
    used.map(([count, what]) => `${count.toLocaleString('en', DIGITS)} ${what}`).join(', ') ||
    'nothing'
  );
}

const DIGITS = { maximumFractionDigits: 6 };

const fromText = ({ rerunFrom: from }: RunView): string =>
  from ? ` from ${from.step}${from.iteration === '' ? '' : ` [${from.iteration}]`}` : '';

/** A part of a page under its title. */
export const section = (session: Session, title: string, body: string) =>
  `${session.paint('bold', title)}\n${body}`;

const MOST_STEPS = 200;

/** The path of a step, and its iteration if it is in a loop. */
export const placeOf = ({ path, iteration }: StepView): string =>
  iteration ? `${path} [${iteration}]` : path;

/** The error of a run with the iteration in which its step failed: `host [1]`. */
function placed(error: ErrorView, steps: readonly StepView[]): ErrorView {
  const failed = steps.findLast(
    (step) => step.name === error.step && step.error?.message === error.message,
  );
  return failed?.iteration ? { ...error, step: `${error.step} [${failed.iteration}]` } : error;
}

function remarkOn(step: StepView, waits: ReadonlyMap<string, string>): string {
  const { reusedFrom, childId, error } = step;
  const wait = waits.get(placeOf(step));
  if (wait !== undefined) return wait;
  if (reusedFrom) return 'reused';
  if (error) return firstLine(errorText(error), 60);
  return childId ? `run ${childId}` : '';
}

function renderSteps(
  session: Session,
  steps: StepView[],
  waits: ReadonlyMap<string, string>,
): string {
  const rows = steps
    .slice(0, MOST_STEPS)
    .map((step) => [
      placeOf(step),
      step.kind,
      paintStatus(session, step.status),
      duration(step.durationMs),
      step.attempt > 1 ? String(step.attempt) : '',
      remarkOn(step, waits),
    ]);
  const more =
    steps.length > MOST_STEPS ? `\n… and ${steps.length - MOST_STEPS} more (--json shows all)` : '';
  const head = ['STEP', 'KIND', 'STATUS', 'TOOK', 'ATTEMPT', 'REMARK'];
  return table(head, rows, session.columns) + more;
}
