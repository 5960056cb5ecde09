import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DefinitionSync } from '../../../src/automations/definition/definition-sync.js';
import { anna, automation, type AutomationProject, automationProject } from '../support.js';

let at: AutomationProject;
const warned: string[] = [];
let sync: DefinitionSync;
beforeAll(async () => {
  at = await automationProject();
  const logger = {
    info: () => undefined,
    warn: (line: object) => void warned.push(JSON.stringify(line)),
  };
  sync = new DefinitionSync(
    at.dataSource,
    at.project,
    logger as never,
    join(at.project, 'shipped'),
  );
}, 120_000);
afterAll(() => at?.close());

const FILE = '.ai/automations/daily.yaml';
const daily = (more = '') =>
  `name: daily\ndirective_name: report\ntrigger_type: schedule\nschedule: "0 6 * * *"\n${more}`;

test('files become automations, and follow their files', async () => {
  at.write(FILE, daily('except: [holidays]\n'));
  at.write('.ai/calendars/holidays.yaml', 'name: holidays\ndates: ["2026-12-25"]\n');
  await Promise.all([sync.round(), sync.round()]);
  expect(await at.service.find('daily')).toMatchObject({
    source: 'project',
    owner: 'project',
    version: 1,
  });
  await at.service.pause(anna, 'daily', 'not now');
  await sync.round();
  expect(await at.service.find('daily')).toMatchObject({ enabled: false, version: 2 });
  at.write(FILE, daily('description: changed\n'));
  await sync.round();
  expect(await at.service.find('daily')).toMatchObject({
    enabled: false,
    pause_note: 'not now',
    spec: { description: 'changed' },
  });
  // A file that is broken for a moment leaves things as they were.
  at.write(FILE, daily('colour: red\n'));
  await sync.round();
  await sync.round();
  expect(await at.service.find('daily')).toMatchObject({ spec: { description: 'changed' } });
  const about = warned.filter((line) => line.includes('daily.yaml:5: unknown key'));
  expect(about).toHaveLength(1);
  rmSync(join(at.project, FILE));
  await sync.round();
  await expect(at.service.find('daily')).rejects.toThrow('There is no automation');
});

test('a name that is taken stays with who has it', async () => {
  await automation(at, { name: 'mine' });
  at.write('.ai/automations/mine.yaml', daily().replace('daily', 'mine'));
  at.write('shipped/one.yaml', daily().replace('daily', 'watch'));
  at.write('.ai/automations/watch.yaml', daily('description: shadow\n').replace('daily', 'watch'));
  await sync.round();
  expect(await at.service.find('mine')).toMatchObject({ source: 'api' });
  expect(await at.service.find('watch')).toMatchObject({
    source: 'system',
    spec: { description: '' },
  });
  expect(warned.join()).toContain('there is an automation mine already, from a client of the API');
  expect(warned.join()).toContain(
    'there is an automation watch already, from Mission Control itself',
  );
  await expect(at.service.delete(anna, 'watch')).rejects.toThrow('It ships with Mission Control');
});
