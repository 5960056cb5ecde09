import { isObject, type Json } from '../../../contracts/json/json.js';
import { didYouMean } from '../../../language/text/nearest.js';
import type { ApiClient } from '../../client/api-client.js';
import { CliError, EXIT, type ExitCode } from '../../terminal/cli-error.js';
import { DOCUMENTS } from '../../client/documents.js';
import { fetchRun, fetchSteps } from '../../client/follow.js';
import {
  addUsage,
  renderStep,
  stepRows,
  type StepPage,
  type UsageView,
} from '../../render/step.js';
import type { Session } from '../../client/session.js';
import type { LogView, StepDetail } from '../../client/views.js';

/** A step to show; `iteration` null means all of its iterations. */
interface Which {
  name: string;
  iteration: string | null;
}

interface Turn {
  path: string;
  iteration: string | null;
  result: Json;
}

const MOST_LOGS = 100;

/**
 * Prints one step with its details, or a table if it has several iterations.
 * With `--json` it prints all of them with their details.
 */
export async function showStep(
  session: Session,
  api: ApiClient,
  id: string,
  which: Which,
): Promise<ExitCode> {
  const { steps, turns } = await fetch(api, id, which);
  if (steps.length === 0) throw await noStep(api, id, which);
  const logs = await fetchLogs(api, id, [...new Set(steps.map(({ path }) => path))]);
  const pages = steps.map((step): StepPage => ({
    step,
    usage: usageOf(step, turns),
    logs: logs.filter(
      (entry) =>
        entry.stepPath === step.path && (entry.iteration || null) === (step.iteration || null),
    ),
  }));
  const whole = pages.map(({ step, ...rest }) => ({ ...step, ...rest }));
  session.result({ execution_id: id, steps: whole }, () =>
    pages.length === 1 ? renderStep(session, pages[0]!) : stepRows(session, steps),
  );
  if (pages.length > 1 && !session.json) session.note(hintAt(which, steps));
  return EXIT.done;
}

async function fetch(api: ApiClient, id: string, { name, iteration }: Which) {
  const { execution } = await api.graphql<{
    execution: { steps: StepDetail[]; turns: Turn[] } | null;
  }>(DOCUMENTS.step, { id, step: name, turn: `${name.split('/').at(-1)}.turn`, iteration });
  if (!execution) await fetchRun(api, id);
  return execution!;
}

async function fetchLogs(api: ApiClient, executionId: string, paths: string[]): Promise<LogView[]> {
  const pages = await Promise.all(
    paths.map((stepPath) =>
      api.graphql<{ logs: { edges: { node: LogView }[] } }>(DOCUMENTS.logs, {
        executionId,
        stepPath,
        first: MOST_LOGS,
      }),
    ),
  );
  return pages.flatMap(({ logs }) => logs.edges.map(({ node }) => node)).reverse();
}

/** The total usage of a step's model turns; null where it asked no model. */
function usageOf({ path, iteration }: StepDetail, turns: readonly Turn[]): UsageView | null {
  const inside = iteration ? `${iteration}.` : '';
  const own = turns.filter(
    (turn) =>
      turn.path.startsWith(`${path}/`) &&
      (turn.iteration ?? '').startsWith(inside) &&
      !(turn.iteration ?? '').slice(inside.length).includes('.'),
  );
  const used = own.flatMap(({ result }) =>
    isObject(result) && isObject(result['usage']) ? [result['usage'] as unknown as UsageView] : [],
  );
  return used.length === 0 ? null : used.reduce(addUsage);
}

async function noStep(api: ApiClient, id: string, { name, iteration }: Which): Promise<CliError> {
  const steps = await fetchSteps(api, id);
  const same = steps.filter((step) => step.name === name || step.path === name);
  if (same.length > 0) {
    const known = same.map((step) => step.iteration).filter(Boolean);
    const message = `"${name}" has no iteration ${iteration} in run ${id}`;
    const hint =
      known.length > 0 ? `it has ${known.slice(0, 10).join(', ')}` : 'the step is not in a loop';
    return new CliError(EXIT.usage, 'not_found', message, hint);
  }
  const names = [...new Set(steps.map((step) => step.name))];
  const hint =
    didYouMean(name, names) ??
    (names.length > 0
      ? `it has ${names.slice(0, 10).join(', ')}`
      : 'no step of the run has started yet');
  return new CliError(EXIT.usage, 'not_found', `run ${id} has no step "${name}"`, hint);
}

function hintAt({ name }: Which, steps: readonly StepDetail[]): string {
  const paths = new Set(steps.map(({ path }) => path));
  if (paths.size > 1) return `${paths.size} steps are named "${name}": give --step the path of one`;
  return `it ran ${steps.length} times: --iteration ${steps.at(-1)!.iteration} shows one`;
}
