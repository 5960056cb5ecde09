import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { AuditRecord, Recorder } from '../../src/observation/record.js';
import { loadConfig } from '../../src/platform/config/config.js';
import type { JailProbe } from '../../src/sandbox/bubblewrap/jail-method.js';
import type { Logger } from '../../src/platform/logger.js';
import { openScripts } from '../../src/workers/open-scripts.js';

const home = mkdtempSync(join(tmpdir(), 'mission-open-scripts-'));
afterAll(() => rmSync(home, { recursive: true }));

const MISSING: JailProbe = { reason: 'bubblewrap is not installed', hint: 'Install it' };
const THERE: JailProbe = { way: { kind: 'user', bwrap: '/bin/bwrap', prlimit: '/bin/prlimit' } };

/** What is logged, audited and refused. */
async function open(trust: 'local' | 'jailed' | 'none', probe: JailProbe) {
  const config = loadConfig({ MISSION_HOME: home, MISSION_PROJECT: home });
  const logged: string[] = [];
  const audited: AuditRecord[] = [];
  const write =
    (level: string) =>
    (_: unknown, text: string): void =>
      void logged.push(`${level}: ${text}`);
  const logger = { info: write('info'), warn: write('warn') } as unknown as Logger;
  const recorder = {
    audit: async (record: AuditRecord) => void audited.push(record),
  } as unknown as Recorder;
  const witness = { recorder, logger, workerId: 'w' };
  const scripts = { ...config.scripts, trust };
  const made = await openScripts({ ...config, scripts }, witness, async () => probe);
  const refusal = await made.finder.find('any').then(
    () => undefined,
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );
  await made.host.close();
  return { logged, audited, refusal };
}

test('with a jail nothing is said but that it is there', async () => {
  expect(await open('local', THERE)).toEqual({
    logged: ['info: scripts run in a sandbox'],
    audited: [],
    refusal: undefined,
  });
});

test('without one scripts run, loudly and on the record', async () => {
  const { logged, audited, refusal } = await open('local', MISSING);
  expect(logged).toEqual([expect.stringMatching(/^warn: .*WITHOUT A SANDBOX/)]);
  expect(audited).toEqual([
    expect.objectContaining({
      action: 'scripts.no_jail',
      target: 'worker:w',
      data: { reason: 'bubblewrap is not installed', refused: false },
    }),
  ]);
  expect(refusal).toBeUndefined();
});

test('or do not run, when the operator wants it so', async () => {
  const { logged, audited, refusal } = await open('jailed', MISSING);
  expect(logged).toEqual(['warn: scripts of the project are not run']);
  expect(audited).toEqual([
    expect.objectContaining({ data: expect.objectContaining({ refused: true }) }),
  ]);
  expect(refusal).toBe(
    'script_not_available: The script any is not run: mission.yaml says scripts.trust: jailed, and bubblewrap is not installed.',
  );
  expect((await open('none', THERE)).refusal).toContain('scripts.trust: none');
});
