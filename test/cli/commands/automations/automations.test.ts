import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../../api/support.js';
import { mission as call } from '../../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const mission = (...argv: string[]) =>
  call(['automations', ...argv], { MISSION_URL: api.url, MISSION_API_KEY: api.key });
beforeAll(() => {
  const folder = join(api.project, '.ai/directives');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'report.yaml'),
    'name: report\nversion: 1.0.0\ndescription: d\npermissions: []\ninputs: { month: { type: string, required: false } }\nsteps: [{ return: 1 }]\n',
  );
});

test('one command makes an automation, and others look after it', async () => {
  expect((await mission('list')).out).toContain('no automations; make one with');
  const made = await mission(
    ...['create', 'nightly', '--directive', 'report', '--schedule', '30 2 * * *'],
    ...['--timezone', 'Europe/Berlin', '--input', 'month=2026-11', '--success-within', '26h'],
  );
  expect(made.exit).toBe(0);
  expect(made.err).toContain('created nightly');
  expect(made.out).toMatch(/^\d{4}-\d\d-\d\d 02:30 \+0[12]:00 {2}/);
  expect((await mission('list')).out).toMatch(
    /nightly +on +at 30 2 \* \* \* Europe\/Berlin +report/,
  );
  expect((await mission('run', 'nightly')).out).toContain('it begins now');
  const again = await mission('run', 'nightly');
  expect(again.exit).toBe(1);
  expect(again.out).toContain('overlap is skip');
  expect((await mission('pause', 'nightly', '--note', 'we move')).out).toContain('paused nightly');
  const shown = (await mission('show', 'nightly')).out;
  expect(shown).toContain('nightly  paused by operator: we move');
  expect(shown).toContain('manual');
  expect((await mission('resume', 'nightly')).out).toContain('resumed nightly');
  expect((await mission('update', 'nightly', '--schedule', '45 3 * * *')).out).toContain(' 03:45 ');
  expect((await mission('update', 'nightly')).err).toContain('say what is to be changed');
  expect((await mission('occurrences', 'nightly', '--json')).out).toContain('"status":"MANUAL"');
  const filled = await mission('backfill', 'nightly', '--from', '2026-11-01', '--to', '2026-11-03');
  expect(filled.out).toContain('2 occurrences will run');
  expect((await mission('delete', 'nightly')).out).toContain('deleted nightly');
});

test('a preview shows changes of the clocks', async () => {
  const { out } = await mission(
    ...['preview', '--schedule', '30 2 29 3 *', '--timezone', 'Europe/Berlin', '--count', '1'],
  );
  expect(out).toMatch(/-03-29 0[23]:[03]0/);
  expect((await mission('preview')).err).toContain('name an automation, or give a --schedule');
});

test('alerts and events, and a file', async () => {
  const watch = await mission(
    ...['create', 'watch', '--directive', 'report', '--alert', 'mcp_*', '--target', 'mcp:*'],
  );
  expect(watch).toMatchObject({ exit: 0, err: 'created watch\n' });
  const file = join(api.project, 'paid.yaml');
  writeFileSync(file, 'directive_name: report\nmatch: { region: eu }\n');
  await mission('create', 'paid', '--file', file, '--event', 'order_paid');
  const { out } = await mission('list');
  expect(out).toContain('on an alert like {"kind":"mcp_*","target":"mcp:*"}');
  expect(out).toContain('on the event order_paid like {"region":"eu"}');
  expect((await mission('create', 'x', '--file', '/nowhere.yaml')).err).toContain(
    'cannot be read as an automation',
  );
});

test('everything can be stopped, and everybody sees why', async () => {
  expect((await mission('stop-all')).err).toContain('needs a --reason');
  expect((await mission('stop-all', '--reason', 'the disk is full')).out).toContain('start-all');
  expect((await mission('list')).err).toContain('stopped by operator');
  expect((await mission('run', 'watch')).err).toContain('the disk is full');
  expect((await mission('start-all')).exit).toBe(0);
});
