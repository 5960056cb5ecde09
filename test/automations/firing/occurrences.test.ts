import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  afterwards,
  addOccurrence,
  situationOf,
} from '../../../src/automations/firing/occurrences.js';
import { jitterMs } from '../../../src/automations/firing/jitter.js';
import {
  automation,
  type AutomationProject,
  automationProject,
  occurrencesOf,
} from '../support.js';

let at: AutomationProject;
beforeAll(async () => void (at = await automationProject()), 120_000);
afterAll(() => at?.close());

test('an occurrence is written once for its key, and begins later by its jitter', async () => {
  const row = await automation(at, { jitter_seconds: 100 });
  const due = Date.parse('2026-12-01T00:00:00Z');
  const occurrence = {
    key: 'due:x',
    due,
    verdict: { status: 'fired' },
    trigger: {},
    chain: [row.id],
  } as const;
  const { manager } = at.dataSource;
  const what = { ...occurrence, chain: [...occurrence.chain] };
  expect(await addOccurrence(manager, row, what)).toBe(true);
  expect(await addOccurrence(manager, row, what)).toBe(false);
  const [written] = await occurrencesOf(at, row.id);
  const delay = written!.start_at.getTime() - due;
  expect(delay).toBe(jitterMs(`${row.id}:due:x`, 100));
  expect(delay).toBeGreaterThanOrEqual(0);
  expect(delay).toBeLessThan(100_000);
  expect(jitterMs('any', 0)).toBe(0);
});

test('a situation knows open runs and what waits, also of decisions just made', async () => {
  const row = await automation(at);
  const empty = await situationOf(at.dataSource.manager, row);
  expect(empty).toMatchObject({ open: undefined, queued: 0, stop: undefined, enabled: true });
  const fired = afterwards(empty, { status: 'fired' });
  expect(fired.open).toBe('that is about to begin');
  expect(afterwards(fired, { status: 'queued' }).queued).toBe(1);
  expect(afterwards(empty, { status: 'missed' })).toEqual(empty);
});
