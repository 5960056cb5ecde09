import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EnvironmentSource } from '../../../src/access/secrets/environment-source.js';
import { FileSource } from '../../../src/access/secrets/file-source.js';
import { Secrets } from '../../../src/access/secrets/secrets.js';
import type { AuditRecord } from '../../../src/observation/record.js';
import { Redactor } from '../../../src/platform/redaction/redactor.js';

const PREFIX = 'MISSION_SECRETS_TEST_';
let directory: string;
let file: string;
let trail: AuditRecord[];
let noted: unknown[];
let redactor: Redactor;
let secrets: Secrets;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mission-secrets-'));
  file = join(directory, 'secrets.yaml');
  writeFileSync(
    file,
    'from_file: value-in-the-file\nboth: file-wins-here\nempty: ""\nshort: abc\n',
  );
  process.env[`${PREFIX}FROM_ENV`] = 'value-in-the-environment';
  process.env[`${PREFIX}BOTH`] = 'environment-loses';
  trail = [];
  noted = [];
  redactor = new Redactor();
  secrets = new Secrets({
    sources: [new FileSource(file), new EnvironmentSource(PREFIX)],
    uses: { note: async (...use) => void noted.push(use) },
    recorder: { audit: async (record) => void trail.push(record) },
    redactor,
  });
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  for (const name of ['FROM_ENV', 'BOTH']) delete process.env[PREFIX + name];
});

const use = (permissions: string[] | null = null) => ({
  actor: 'somebody',
  permissions,
  where: { run_id: 'r' },
});

test('the first source that has it counts, every use is audited, and the value is kept out of texts', async () => {
  expect(await secrets.resolve('from_file', use())).toBe('value-in-the-file');
  expect(await secrets.resolve('from_env', use())).toBe('value-in-the-environment');
  expect(await secrets.resolve('both', use())).toBe('file-wins-here');
  expect(trail).toEqual(
    [
      ['from_file', 'file'],
      ['from_env', 'environment'],
      ['both', 'file'],
    ].map(([name, source]) => ({
      actor: 'somebody',
      action: 'secret.use',
      target: `secret:${name}`,
      data: { run_id: 'r', source },
    })),
  );
  expect(redactor.text('value-in-the-file')).toBe('«secret:from_file»');
});

test('an edited file counts at once, and so does a directory of files', async () => {
  writeFileSync(file, 'from_file: another-value\n');
  expect(await secrets.resolve('from_file', use())).toBe('another-value');
  const mounted = join(directory, 'mounted');
  mkdirSync(mounted);
  writeFileSync(join(mounted, 'token'), 'one-per-file\n');
  const source = new FileSource(mounted);
  expect(await source.read('token')).toBe('one-per-file');
  expect(await source.read('other')).toBeUndefined();
  expect(await source.names()).toEqual(['token']);
});

describe('a secret is refused, for good', () => {
  test('without the permission, and that is audited', async () => {
    const asked = secrets.resolve(
      'from_file',
      use(['read:secrets:other_*', 'write:secrets:from_file']),
    );
    await expect(asked).rejects.toMatchObject({
      code: 'permission_denied',
      retryable: false,
      message: expect.stringContaining('"read:secrets:from_file"'),
    });
    expect(trail).toMatchObject([{ action: 'secret.denied', target: 'secret:from_file' }]);
    expect(await secrets.resolve('from_file', use(['read:secrets:from_*']))).toBe(
      'value-in-the-file',
    );
    await expect(
      secrets.resolve('from_file', use(['read:secrets', 'deny:secrets:from_*'])),
    ).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('when nobody has it, with the ways to provide it', async () => {
    const asked = secrets.resolve('empty', use());
    await expect(asked).rejects.toMatchObject({ code: 'not_found', retryable: false });
    await expect(asked).rejects.toThrow(
      `There is no secret "empty". To provide it, add "empty" to ${file}; or set the variable ${PREFIX}EMPTY where the workers start.`,
    );
  });

  test.each(['../etc/passwd', 'Upper', '', 'a'.repeat(65)])('when %j is no name', async (name) => {
    await expect(secrets.resolve(name, use())).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('not a valid name'),
    });
  });

  test('when it is too short to be kept out of logs, or its source is broken', async () => {
    await expect(secrets.resolve('short', use())).rejects.toMatchObject({ code: 'config_invalid' });
    writeFileSync(file, 'from_file: [canary-value');
    const asked = secrets.resolve('from_file', use());
    await expect(asked).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.not.stringContaining('canary'),
    });
  });
});
