import { expect, test } from '@jest/globals';
import { Recorder } from '../../../../src/observation/record.js';
import { type TestApi, withApi } from '../../../api/support.js';
import { mission as call } from '../../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const mission = (...argv: string[]) =>
  call(argv, { MISSION_URL: api.url, MISSION_API_KEY: api.key });

test('alerts are listed while they are open, with --all also afterwards', async () => {
  expect((await mission('alerts', 'list')).err).toContain('no alerts');
  const recorder = new Recorder(api.dataSource);
  await recorder.alert({
    kind: 'k',
    severity: 'warning',
    message: 'it broke',
    subject: 'mcp:files',
  });
  expect((await mission('alerts', 'list')).out).toMatch(/warning +open +mcp:files +it broke/);
  await api.dataSource.query(`UPDATE alerts SET status = 'resolved'`);
  expect((await mission('alerts', 'list')).err).toContain('no alerts');
  expect((await mission('alerts', 'list', '--all', '--json')).out).toContain('"status":"RESOLVED"');
});

test('the audit log is listed, of everything or of one thing', async () => {
  const recorder = new Recorder(api.dataSource);
  await recorder.audit({
    actor: 'system:kernel',
    action: 'automation.pause',
    target: 'automation:a',
    data: { reason: 'r' },
  });
  await recorder.audit({ actor: 'anna', action: 'automation.create', target: 'automation:b' });
  expect((await mission('audit', 'list')).out).toMatch(/anna[\s\S]*system:kernel/);
  const { out } = await mission('audit', 'list', '--target', 'automation:a');
  expect(out).toMatch(/system:kernel +automation\.pause +automation:a +\{"reason":"r"\}/);
  expect(out).not.toContain('anna');
  expect((await mission('audit', 'list', '--target', 'none')).err).toContain('no such events');
});
