import type { JsonObject } from '../../../contracts/json/json.js';
import {
  AUTOMATION_DOCUMENTS as DOCUMENTS,
  type AutomationView,
  type OccurrenceView,
  type StopView,
  type TimeView,
} from '../../client/automation-documents.js';
import type { ApiClient } from '../../client/api-client.js';
import type { Handler } from '../../client/command-spec.js';
import {
  renderAutomation,
  renderAutomations,
  renderOccurrences,
  renderTimes,
} from '../../render/automations.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import { readCount } from '../../terminal/read-count.js';
import { definitionOf } from './definition-options.js';

/** `mission automations list`. With `--json` one line per automation. */
export const listAutomations: Handler = async (session) => {
  const api = await session.api();
  const { automations, automationStop } = await api.graphql<{
    automations: AutomationView[];
    automationStop: StopView | null;
  }>(DOCUMENTS.list);
  if (automationStop) session.note(stopText(automationStop));
  if (session.json) automations.forEach((each) => session.result(each, String));
  else session.result(automations, () => renderAutomations(session, automations));
  return EXIT.done;
};

/** `mission automations show NAME`. */
export const showAutomation: Handler = async (session, [name]) => {
  const api = await session.api();
  const { automation, automationStop } = await api.graphql<{
    automation: AutomationView;
    automationStop: StopView | null;
  }>(DOCUMENTS.show, { name: name! });
  if (automationStop) session.note(stopText(automationStop));
  session.result(automation, () => renderAutomation(session, automation));
  return EXIT.done;
};

/** `mission automations create NAME`. */
export const createAutomation: Handler = async (session, [name], options) => {
  const definition: JsonObject = { ...definitionOf(options), ...(name !== undefined && { name }) };
  const api = await session.api();
  const { createAutomation: made } = await api.graphql<{ createAutomation: AutomationView }>(
    DOCUMENTS.create,
    { definition },
  );
  session.note(`created ${made.name}`);
  session.result(made, () => renderTimes(made.nextTimes ?? []));
  return EXIT.done;
};

/** `mission automations update NAME`. */
export const updateAutomation: Handler = async (session, [name], options) => {
  const changes = definitionOf(options);
  if (Object.keys(changes).length === 0)
    throw new CliError(
      EXIT.usage,
      'input_invalid',
      'say what is to be changed, such as --schedule',
    );
  const api = await session.api();
  const { updateAutomation: made } = await api.graphql<{ updateAutomation: AutomationView }>(
    DOCUMENTS.update,
    { name: name!, changes },
  );
  session.note(`changed ${made.name}`);
  session.result(made, () => renderTimes(made.nextTimes ?? []));
  return EXIT.done;
};

/** `mission automations delete NAME`. Its occurrences and runs stay. */
export const deleteAutomation: Handler = async (session, [name]) => {
  const api = await session.api();
  const { deleteAutomation: gone } = await api.graphql<{ deleteAutomation: AutomationView }>(
    DOCUMENTS.delete,
    { name: name! },
  );
  session.result(gone, () => `deleted ${gone.name}`);
  return EXIT.done;
};

/** `mission automations pause NAME`. */
export const pauseAutomation: Handler = async (session, [name], { note }) => {
  const api = await session.api();
  const { pauseAutomation: paused } = await api.graphql<{ pauseAutomation: AutomationView }>(
    DOCUMENTS.pause,
    { name: name!, note: (note as string | undefined) ?? null },
  );
  session.result(paused, () => `paused ${paused.name}`);
  return EXIT.done;
};

/** `mission automations resume NAME`. */
export const resumeAutomation: Handler = async (session, [name]) => {
  const api = await session.api();
  const { resumeAutomation: resumed } = await api.graphql<{ resumeAutomation: AutomationView }>(
    DOCUMENTS.resume,
    { name: name! },
  );
  session.result(resumed, () => `resumed ${resumed.name}`);
  return EXIT.done;
};

/** `mission automations run NAME`. */
export const runAutomation: Handler = async (session, [name]) => {
  const api = await session.api();
  const { runAutomation: occurrence } = await api.graphql<{ runAutomation: OccurrenceView }>(
    DOCUMENTS.run,
    { name: name! },
  );
  const text = occurrence.cause ? `${occurrence.status}: ${occurrence.cause}` : 'it begins now';
  session.result(occurrence, () => text);
  return occurrence.status === 'MANUAL' || occurrence.status === 'QUEUED' ? EXIT.done : EXIT.failed;
};

/** `mission automations backfill NAME --from TIME --to TIME`. */
export const backfillAutomation: Handler = async (session, [name], options) => {
  const { from, to, overlap } = options as Record<string, string | undefined>;
  if (from === undefined || to === undefined)
    throw new CliError(EXIT.usage, 'input_invalid', 'backfill needs --from and --to');
  const api = await session.api();
  const { backfillAutomation: count } = await api.graphql<{ backfillAutomation: number }>(
    DOCUMENTS.backfill,
    {
      name: name!,
      from: timeOf('--from', from),
      to: timeOf('--to', to),
      overlap: overlap?.toUpperCase() ?? null,
    },
  );
  session.result({ occurrences: count }, () => `${count} occurrences will run`);
  return EXIT.done;
};

/** `mission automations preview NAME`, or with `--schedule` of what is not saved. */
export const previewAutomation: Handler = async (session, [name], options) => {
  const count = readCount('--count', options['count'], 10);
  const api = await session.api();
  if (options['schedule'] === undefined && name === undefined)
    throw new CliError(EXIT.usage, 'input_invalid', 'name an automation, or give a --schedule');
  const times =
    options['schedule'] === undefined
      ? await savedTimes(api, name!, count)
      : await unsavedTimes(api, definitionOf(options), count);
  if (session.json) times.forEach((time) => session.result(time, String));
  else session.result(times, () => renderTimes(times));
  return EXIT.done;
};

async function savedTimes(api: ApiClient, name: string, count: number): Promise<TimeView[]> {
  const { automation } = await api.graphql<{ automation: AutomationView }>(DOCUMENTS.times, {
    name,
    count,
  });
  return automation.nextTimes ?? [];
}

async function unsavedTimes(api: ApiClient, given: JsonObject, count: number): Promise<TimeView[]> {
  const definition = { name: 'preview', directive_name: 'preview', ...given };
  const { previewAutomation } = await api.graphql<{ previewAutomation: TimeView[] }>(
    DOCUMENTS.preview,
    { definition, count },
  );
  return previewAutomation;
}

/** `mission automations occurrences NAME`. With `--json` one line per occurrence. */
export const listOccurrences: Handler = async (session, [name], options) => {
  const first = readCount('--limit', options['limit'], 20);
  const status = (options['status'] as string | undefined)?.toUpperCase() ?? null;
  const api = await session.api();
  const { automation } = await api.graphql<{ automation: Required<AutomationView> }>(
    DOCUMENTS.occurrences,
    { name: name!, first: Math.min(first, 100), status },
  );
  const { nodes } = automation.occurrences;
  if (session.json) nodes.forEach((each) => session.result(each, String));
  else session.result(nodes, () => renderOccurrences(session, nodes));
  return EXIT.done;
};

/** `mission automations stop-all --reason TEXT`. */
export const stopAutomations: Handler = async (session, _args, { reason }) => {
  if (typeof reason !== 'string')
    throw new CliError(
      EXIT.usage,
      'input_invalid',
      'stop-all needs a --reason, which everybody sees',
    );
  const api = await session.api();
  await api.graphql(DOCUMENTS.stopAll, { reason });
  session.result({ stopped: true }, () => 'all automation is stopped; start-all lets it go on');
  return EXIT.done;
};

/** `mission automations start-all`. */
export const startAutomations: Handler = async (session) => {
  const api = await session.api();
  await api.graphql(DOCUMENTS.startAll);
  session.result({ stopped: false }, () => 'automation goes on');
  return EXIT.done;
};

const stopText = ({ actor, reason, stoppedAt }: StopView) =>
  `all automation is stopped by ${actor} since ${stoppedAt}: ${reason}`;

function timeOf(option: string, text: string): string {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new CliError(
    EXIT.usage,
    'input_invalid',
    `${option} must be a time such as 2026-12-01T06:00Z, not ${text}`,
  );
}
