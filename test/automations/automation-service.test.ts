import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { anna, automation, type AutomationProject, automationProject } from './support.js';

let at: AutomationProject;
beforeAll(async () => void (at = await automationProject()), 120_000);
afterAll(() => at?.close());

const DAILY = { directive_name: 'report', trigger_type: 'schedule', schedule: '0 6 * * *' };

describe('an automation', () => {
  test('is made, found by name and id, changed, paused, resumed and deleted, all of it audited', async () => {
    const made = await at.service.create(anna, { ...DAILY, name: 'daily', timezone: 'Asia/Tokyo' });
    expect(made).toMatchObject({ owner: 'anna', source: 'api', enabled: true, rights: null });
    expect(made.next_due_at!.toISOString()).toMatch(/T21:00:00/);
    expect((await at.service.find(made.id)).name).toBe('daily');
    const changed = await at.service.update(anna, 'daily', { schedule: '0 7 * * *' });
    expect(changed.next_due_at!.toISOString()).toMatch(/T22:00:00/);
    expect(changed.version).toBe(2);
    const paused = await at.service.pause(anna, 'daily', 'a holiday');
    expect(paused).toMatchObject({ enabled: false, pause_note: 'a holiday', paused_by: 'anna' });
    // A change of something else does not end the pause.
    expect(await at.service.update(anna, 'daily', { description: 'x' })).toMatchObject({
      enabled: false,
      pause_note: 'a holiday',
    });
    expect(await at.service.resume(anna, 'daily')).toMatchObject({
      enabled: true,
      pause_note: null,
    });
    await at.service.delete(anna, 'daily');
    await expect(at.service.find('daily')).rejects.toThrow('There is no automation daily.');
    const again = await at.service.create(anna, { ...DAILY, name: 'daily' });
    expect(again.id).not.toBe(made.id);
    const audit = await at.dataSource.query(
      `SELECT action FROM audit_events WHERE target = 'automation:daily' ORDER BY id`,
    );
    expect(audit.map(({ action }: { action: string }) => action)).toEqual([
      'automation.create',
      'automation.update',
      'automation.pause',
      'automation.update',
      'automation.resume',
      'automation.delete',
      'automation.create',
    ]);
  });

  test.each([
    [{ schedule: '61 * * * *' }, 'it takes 0 to 59'],
    [{ schedule: undefined }, 'schedule: is missing'],
    [{ name: 'Bad Name' }, 'name: must be 1 to 100 lower-case letters'],
    [{ timezone: 'Mars/Olympus' }, 'is not a time zone'],
    [{ directive_name: 'reprot' }, 'There is no directive reprot: did you mean "report"?'],
    [{ inputs: { sinc: 'x' } }, 'there is no input "sinc" (did you mean "since"?)'],
    [{ inputs: { times: 'many' } }, 'The inputs do not fit report'],
    [{ inputs: { sinc: '{{ trigger.due_at }}' } }, 'there is no input "sinc"'],
    [{ inputs: { since: '{{ trigger.' } }, 'inputs: "{{" has no closing'],
    [{ colour: 'red' }, 'Unrecognized key'],
    [{ event: 'x' }, 'event: belongs to trigger_type: event'],
    [{ overlap: 'both' }, 'overlap: must be skip, buffer_one'],
    [{ except: ['none'] }, 'There is no calendar none'],
    [{ expect: { success_within: 'soon' } }, '"soon" is not a duration'],
    [{ catch_up_seconds: -1 }, 'must be 0 or more'],
  ])('%j is refused', async (keys, words) => {
    await expect(
      at.service.create(anna, { ...DAILY, name: 'bad', ...keys } as never),
    ).rejects.toThrow(words);
  });

  test('has one name', async () => {
    await automation(at, { name: 'twice' });
    await expect(automation(at, { name: 'twice' })).rejects.toThrow(
      'There is an automation twice already',
    );
  });

  test('of a caller without the right to its directive is refused', async () => {
    const bounded = { ...anna, rights: ['write:automations', 'execute:directives:other'] };
    await expect(at.service.create(bounded, { ...DAILY, name: 'mine' })).rejects.toThrow(
      'lacks the right execute:directives:report',
    );
    const granted = { ...anna, rights: ['execute:directives:report'] };
    expect(await at.service.create(granted, { ...DAILY, name: 'mine' })).toMatchObject({
      rights: ['execute:directives:report'],
    });
  });

  test('of a file is changed in its file', async () => {
    const { id, name } = await automation(at);
    await at.dataSource.query(`UPDATE automations SET source = 'project' WHERE id = $1`, [id]);
    await expect(at.service.delete(anna, name)).rejects.toThrow('Its file in .ai/automations does');
    expect((await at.service.pause(anna, name, null)).pause_note).toBe('anna gave no reason');
  });
});

describe('a run by hand', () => {
  test('honours the overlap policy, and not the pause', async () => {
    const { name } = await automation(at);
    await at.service.pause(anna, name, null);
    expect(await at.service.run(anna, name)).toMatchObject({ status: 'manual', actor: 'anna' });
    expect(await at.service.run(anna, name)).toMatchObject({
      status: 'skipped_overlap',
      cause: expect.stringContaining('overlap is skip'),
    });
  });

  test('a backfill has bounds', async () => {
    const { name } = await automation(at);
    const from = new Date('2026-01-01T00:00:00Z');
    await expect(
      at.service.backfill(anna, name, { from, to: new Date('2026-02-01T00:00:00Z') }),
    ).rejects.toThrow('more than 1000 due times');
    const event = await automation(at, { trigger_type: 'event', event: 'paid' });
    await expect(at.service.backfill(anna, event.name, { from, to: from })).rejects.toThrow(
      'has no schedule',
    );
  });
});
