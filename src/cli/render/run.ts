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

/** One row of `executions list`. */
export const runRow = (session: Session, run: RunView): string[] => [
  run.id,
  `${run.directiveName}@${run.directiveVersion}`,
  paintStatus(session, run.status),
  when(run.startedAt),
  duration(run.durationMs),
  run.error ? firstLine(errorText(run.error), 60) : '',
];

/** Formats a status of the API in lower case and colour. */
export const paintStatus = (session: Session, status: string) =>
  session.paint(COLOURS[status] ?? 'dim', status.toLowerCase());

/** Formats JSON with indentation. */
export const pretty = (value: Json) => JSON.stringify(value, null, 2);

/** Formats an ISO time in UTC without milliseconds. */
export const when = (iso: string | null) => (iso ? `${iso.slice(0, 19).replace('T', ' ')}Z` : '-');

/** The first line of a text, limited to `most` characters. */
export function firstLine(text: string, most: number): string {
  const line = text.split('\n', 1)[0]!;
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** Formats a whole run: head, inputs, steps, result or error. */
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
    ...(run.waitsFor ? [`queued    for the concurrency key "${run.waitsFor}"`] : []),
    ...(run.rerunOf ? [`re-run of ${run.rerunOf}${fromText(run)}`] : []),
    ...(run.shadowOf ? [`shadow of ${run.shadowOf}: no external effects`] : []),
    ...(run.spent ? [`spent     ${spentText(run.spent)}`] : []),
    ...(run.temporalUrl ? [`temporal  ${run.temporalUrl}`] : []),
  ];
  const parts = [head.join('\n'), section(session, 'inputs', pretty(run.inputs))];
  if (steps.length > 0) parts.push(section(session, 'steps', renderSteps(session, steps, waits)));
  if (run.error) parts.push(section(session, 'error', renderError(placed(run.error, steps))));
  else parts.push(section(session, 'result', pretty(run.result)));
  return parts.join('\n\n');
}

/** Lists what the run used of its limits; zero counts are left out. */
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

/** Formats a section of a page with its title. */
export const section = (session: Session, title: string, body: string) =>
  `${session.paint('bold', title)}\n${body}`;

const MOST_STEPS = 200;

/** The path of a step, with its iteration inside a loop. */
export const placeOf = ({ path, iteration }: Pick<StepView, 'path' | 'iteration'>): string =>
  iteration ? `${path} [${iteration}]` : path;

/** Adds the iteration of the failed step to a run's error: `host [1]`. */
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
