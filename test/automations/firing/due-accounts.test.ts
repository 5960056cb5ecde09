import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DueAccounts } from '../../../src/automations/firing/due-accounts.js';
import {
  anna,
  automation,
  type AutomationProject,
  automationProject,
  lookedLast,
  occurrencesOf,
} from '../support.js';

let at: AutomationProject;
let accounts: DueAccounts;
beforeAll(async () => {
  at = await automationProject();
  accounts = new DueAccounts(at.dataSource);
}, 120_000);
afterAll(() => at?.close());

const statusesOf = async (id: string) =>
  (await occurrencesOf(at, id)).map(({ status }) => status as string);

describe('the ledger of due times', () => {
  test('accounts for an hour of downtime: each due time once, however many look at the same time', async () => {
    const { id } = await automation(at);
    await lookedLast(at, id, 3_600);
    const added = await Promise.all([1, 2, 3, 4].map(() => accounts.advance(id)));
    const rows = await occurrencesOf(at, id);
    expect(added.reduce((sum, each) => sum + each, 0)).toBe(rows.length);
    expect(rows).toHaveLength(60);
    const minutes = rows.map(({ due_at }) => due_at.getTime() / 60_000);
    expect(minutes.slice(1).map((minute, before) => minute - minutes[before]!)).toEqual(
      Array(59).fill(1),
    );
    const last = rows.at(-1)!;
    expect(rows.filter(({ status }) => status === 'missed').length).toBeGreaterThanOrEqual(58);
    expect(['fired', 'late']).toContain(last.status);
    expect(rows[0]!.cause).toContain('more than catch_up_seconds: 60');
  });

  test('a long outage is accounted for in parts', async () => {
    const { id } = await automation(at);
    await lookedLast(at, id, 1_200 * 60);
    expect(await accounts.advance(id)).toBe(500);
    expect(await accounts.advance(id)).toBe(500);
    expect(await accounts.advance(id)).toBeGreaterThanOrEqual(199);
    expect(await accounts.advance(id)).toBe(0);
    expect(
      new Set((await occurrencesOf(at, id)).map(({ key }) => key)).size,
    ).toBeGreaterThanOrEqual(1_199);
  });

  test('with a wide catch-up window one fires, and the others overlap it', async () => {
    const { id } = await automation(at, { catch_up_seconds: 86_400 });
    await lookedLast(at, id, 300);
    await accounts.advance(id);
    expect(await statusesOf(id)).toEqual(['late', ...Array(4).fill('skipped_overlap')]);
    const all = await automation(at, { catch_up_seconds: 86_400, overlap: 'buffer_one' });
    await lookedLast(at, all.id, 300);
    await accounts.advance(all.id);
    expect((await statusesOf(all.id)).slice(0, 3)).toEqual(['late', 'queued', 'skipped_overlap']);
  });

  test('a pause drops or queues what comes due, and says why', async () => {
    const { id, name } = await automation(at);
    await at.service.pause(anna, name, 'we move');
    await lookedLast(at, id, 100);
    await accounts.advance(id);
    const [row] = await occurrencesOf(at, id);
    expect(row).toMatchObject({
      status: 'skipped_pause',
      cause: 'the automation is paused: we move',
    });
    expect(row!.ended_at).not.toBeNull();
  });

  test('what is deleted, or has no schedule, is left alone', async () => {
    const event = await automation(at, { trigger_type: 'event', event: 'paid' });
    expect(await accounts.advance(event.id)).toBe(0);
    const { id, name } = await automation(at);
    await at.service.delete(anna, name);
    expect(await accounts.advance(id)).toBe(0);
  });
});
