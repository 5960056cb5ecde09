import { expect, test } from '@jest/globals';
import type { AutomationView } from '../../../src/cli/client/automation-documents.js';
import type { Session } from '../../../src/cli/client/session.js';
import {
  renderAutomation,
  renderAutomations,
  renderTimes,
} from '../../../src/cli/render/automations.js';

const session = {
  columns: 200,
  paint: (_style: string, text: string) => text,
} as unknown as Session;
const VIEW: AutomationView = {
  id: '1',
  name: 'nightly',
  description: 'Adds up',
  directiveName: 'report',
  triggerType: 'SCHEDULE',
  schedule: '30 2 * * *',
  timezone: 'Europe/Berlin',
  definition: {},
  source: 'api',
  owner: 'anna',
  enabled: true,
  pauseNote: null,
  pausedBy: null,
  failures: 2,
  nextDueAt: '2026-03-29T01:00:00.000Z',
  lastExecutedAt: null,
  lastSuccessAt: null,
};

test('an automation with what was and what will be', () => {
  const text = renderAutomation(session, {
    ...VIEW,
    nextTimes: [
      { at: VIEW.nextDueAt!, localTime: '2026-03-29 03:00 +02:00', note: 'gap', excludedBy: null },
    ],
    occurrences: {
      nodes: [
        {
          id: '7',
          dueAt: '2026-03-28T01:30:00.000Z',
          status: 'MISSED',
          cause: 'nothing looked at it',
          note: null,
          actor: null,
          firedAt: null,
          executionId: null,
          outcome: null,
        },
      ],
    },
  });
  expect(text).toContain('runs report at 30 2 * * * Europe/Berlin, as anna');
  expect(text).toContain('2 failures since the last success');
  expect(text).toContain(
    '2026-03-29 03:00 +02:00  2026-03-29 01:00:00Z  (clocks skip its own time)',
  );
  expect(text).toMatch(/2026-03-28 01:30:00Z +missed +- +- +nothing looked at it/);
});

test('lists and times that are empty say what to do', () => {
  expect(renderAutomations(session, [])).toContain('mission automations create');
  expect(renderAutomations(session, [VIEW])).toContain('2026-03-29 01:00:00Z');
  expect(renderTimes([])).toBe('it has no schedule');
  expect(
    renderTimes([{ at: VIEW.nextDueAt!, localTime: 'x', note: null, excludedBy: 'holidays' }]),
  ).toContain('skipped, because of the calendar holidays');
});
