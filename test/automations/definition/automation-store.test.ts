import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AutomationStore } from '../../../src/automations/definition/automation-store.js';
import { readSpec } from '../../../src/automations/definition/read-spec.js';
import { type AutomationProject, automationProject } from '../support.js';

let at: AutomationProject;
beforeAll(async () => void (at = await automationProject()), 120_000);
afterAll(() => at?.close());

test('a definition that says enabled: false is paused by it, and goes on when it says true', async () => {
  const store = new AutomationStore(at.dataSource);
  const author = { source: 'project', owner: 'project', rights: null } as const;
  const spec = readSpec({
    name: 'quiet',
    directive_name: 'report',
    trigger_type: 'schedule',
    schedule: '* * * * *',
    enabled: false,
  });
  const row = (await store.insert(spec, author))!;
  expect(row).toMatchObject({ enabled: false, pause_note: 'its definition says enabled: false' });
  expect(await store.insert(spec, author)).toBeUndefined();
  const on = await store.change(row, { ...spec, enabled: true }, author);
  expect(on).toMatchObject({ enabled: true, pause_note: null, version: 2 });
  expect(on.accounted_until.getTime()).toBeGreaterThan(Date.now() - 60_000);
  expect((await store.list()).map(({ name }) => name)).toContain('quiet');
  expect(await store.delete(row.id)).toBe(true);
  expect(await store.delete(row.id)).toBe(false);
});
