import type { AutomationView, OccurrenceView, TimeView } from '../client/automation-documents.js';
import type { Session } from '../client/session.js';
import { section, when } from './run.js';
import { table } from './table.js';

const HEAD = ['NAME', 'STATE', 'TRIGGER', 'DIRECTIVE', 'NEXT', 'LAST RUN', 'FROM'];
const OCCURRENCE_HEAD = ['DUE', 'STATUS', 'RUN', 'OUTCOME', 'CAUSE'];
const NOTES: Record<string, string> = {
  gap: 'clocks skip its own time',
  first_copy: 'clocks show this time twice: the first',
  second_copy: 'clocks show this time twice: the second',
};

export function renderAutomations(session: Session, automations: AutomationView[]): string {
  if (automations.length === 0)
    return 'no automations; make one with mission automations create, or in .ai/automations';
  const rows = automations.map((each) => [
    each.name,
    each.enabled ? 'on' : 'paused',
    triggerOf(each),
    each.directiveName,
    when(each.nextDueAt),
    when(each.lastExecutedAt),
    each.source,
  ]);
  return table(HEAD, rows, session.columns);
}

export function renderAutomation(session: Session, automation: AutomationView): string {
  const { name, description, enabled, pauseNote, pausedBy, directiveName, failures } = automation;
  const state = enabled ? 'on' : `paused by ${pausedBy ?? '?'}: ${pauseNote ?? ''}`;
  const head = [
    `${name}  ${state}`,
    ...(description ? [description] : []),
    `runs ${directiveName} ${triggerOf(automation)}, as ${automation.owner}`,
    ...(failures > 0 ? [`${failures} failures since the last success`] : []),
  ].join('\n');
  const times = enabled ? (automation.nextTimes ?? []) : [];
  const done = automation.occurrences?.nodes ?? [];
  return [
    head,
    ...(times.length > 0 ? [section(session, 'next', renderTimes(times))] : []),
    section(
      session,
      'occurrences',
      done.length > 0 ? renderOccurrences(session, done) : 'none yet',
    ),
  ].join('\n\n');
}

/** One line for each time. */
export function renderTimes(times: readonly TimeView[]): string {
  if (times.length === 0) return 'it has no schedule';
  return times
    .map(({ at, localTime, note, excludedBy }) => {
      const remarks = [
        ...(note === null ? [] : [NOTES[note] ?? note]),
        ...(excludedBy === null ? [] : [`skipped, because of the calendar ${excludedBy}`]),
      ];
      return `${localTime}  ${when(at)}${remarks.length > 0 ? `  (${remarks.join('; ')})` : ''}`;
    })
    .join('\n');
}

export function renderOccurrences(
  session: Session,
  occurrences: readonly OccurrenceView[],
): string {
  const rows = occurrences.map((each) => [
    when(each.dueAt),
    each.status.toLowerCase(),
    each.executionId ?? '-',
    each.outcome ?? '-',
    [each.cause, each.note && NOTES[each.note], each.actor && `by ${each.actor}`]
      .filter(Boolean)
      .join('; '),
  ]);
  return table(OCCURRENCE_HEAD, rows, session.columns);
}

function triggerOf({ triggerType, schedule, timezone, definition }: AutomationView): string {
  if (schedule !== null) return `at ${schedule} ${timezone}`;
  const { event, match } = definition as { event?: string; match?: object };
  const like = match && Object.keys(match).length > 0 ? ` like ${JSON.stringify(match)}` : '';
  return triggerType === 'EVENT' ? `on the event ${event}${like}` : `on an alert${like}`;
}
