import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { secretSources, type SecretSources } from '../../../src/access/secrets/secret-sources.js';
import { SecretUses } from '../../../src/access/secrets/secret-uses.js';
import { SecretWatch } from '../../../src/access/secrets/secret-watch.js';
import { Secrets } from '../../../src/access/secrets/secrets.js';
import { Recorder } from '../../../src/observation/record.js';
import { createLogger } from '../../../src/platform/logger.js';
import { Redactor } from '../../../src/platform/redaction/redactor.js';
import { type TestApi, withApi } from '../../api/support.js';
import { mission as call } from '../../cli/support/cli.js';
import { until } from '../../support/instance.js';

const VALUE = 'correct horse «battery» staple';
let api: TestApi;
let databaseUrl: string;
let keys: string;
let sources: SecretSources;

withApi((opened, url) => {
  api = opened;
  databaseUrl = url;
  keys = join(api.project, 'secrets.keys');
  sources = open();
});

/** As another process sees the store. */
const open = (keyFile = keys) =>
  secretSources(api.dataSource, { keyFile, ownKeyFile: true, envPrefix: 'MISSION_SECRETS_TEST_' });

const mission = (argv: string[], stdin = '') =>
  call(
    argv,
    { MISSION_URL: api.url, MISSION_API_KEY: api.key, MISSION_PROJECT: api.project },
    { stdin },
  );

const stored = async (name: string) => {
  const [row] = await api.dataSource.query('SELECT * FROM secrets WHERE name = $1', [name]);
  return row;
};

const audit = () =>
  api.dataSource.query('SELECT actor, action, target, data FROM audit_events ORDER BY id');

test('a value goes in over stdin or from a file, is stored encrypted, and never comes out', async () => {
  const set = await mission(['secrets', 'set', 'passphrase'], `${VALUE}\n`);
  expect(set).toMatchObject({ exit: 0, out: expect.stringContaining('secret://passphrase') });
  const file = join(api.project, 'value');
  writeFileSync(file, 'from a file\nof two lines\n');
  expect((await mission(['secrets', 'set', 'letter', '--from-file', file])).exit).toBe(0);
  expect(await open().store.read('passphrase')).toBe(VALUE);
  expect(await open().store.read('letter')).toBe('from a file\nof two lines');

  const { sealed, key_id } = await stored('passphrase');
  expect(sealed.toString('latin1')).not.toContain('battery');
  expect(readFileSync(keys, 'utf8')).toContain(`\n${key_id}:`);
  expect(statSync(keys).mode & 0o777).toBe(0o600);

  const list = await mission(['secrets', 'list', '--json']);
  expect(
    list.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      name: 'letter',
      source: 'STORE',
      keyId: key_id,
      updatedAt: expect.any(String),
      updatedBy: 'operator',
      usedAt: null,
    },
    expect.objectContaining({ name: 'passphrase' }),
  ]);
  expect(JSON.stringify([set, list, await audit(), api.logged])).not.toContain('battery');
  expect(await audit()).toMatchObject([
    { actor: 'operator', action: 'secret.set', target: 'secret:passphrase', data: { key_id } },
    { action: 'secret.set', target: 'secret:letter' },
  ]);
});

test.each([
  ['no value', ['secrets', 'set', 'x'], '', 2, 'no value was given'],
  ['a value on the command line', ['secrets', 'set', 'x', 'value'], '', 2, 'too many arguments'],
  ['no name', ['secrets', 'set', 'Not-a-name'], 'value', 2, 'is not a valid name for a secret'],
  ['a short value', ['secrets', 'set', 'x'], 'abc', 2, 'shorter than 4'],
  ['a large value', ['secrets', 'set', 'x'], 'x'.repeat(70_000), 2, 'larger than 64 KiB'],
  [
    'an unknown secret',
    ['secrets', 'delete', 'nobody_has_it'],
    '',
    2,
    'no stored secret "nobody_has_it"',
  ],
])('%s is refused', async (_, argv, stdin, exit, text) => {
  const said = await mission(argv, stdin);
  expect(said.exit).toBe(exit);
  expect(said.err).toContain(text);
});

test('a row under another name does not open, nor one that was changed', async () => {
  await sources.store.set('mine', 'the value of mine', 'test');
  await api.dataSource.query(`UPDATE secrets SET name = 'yours' WHERE name = 'mine'`);
  await expect(sources.store.read('yours')).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('"yours" cannot be decrypted'),
  });
  await sources.store.delete('yours', 'test');
});

test('rotation encrypts everything anew; a process that had read the old keys reads the new ones', async () => {
  const before = await stored('passphrase');
  expect(await sources.store.read('passphrase')).toBe(VALUE);
  const { exit, out } = await mission(['secrets', 'rotate', '--json']);
  expect({ exit, ...JSON.parse(out) }).toEqual({
    exit: 0,
    keyId: expect.not.stringMatching(before.key_id),
    count: 2,
  });
  const after = await stored('passphrase');
  expect(after.key_id).toBe(JSON.parse(out).keyId);
  expect(after.sealed.equals(before.sealed)).toBe(false);
  expect(await sources.store.read('passphrase')).toBe(VALUE);
});

test('a machine without the key says which one is missing, and nothing is rotated there', async () => {
  const other = open(join(api.project, 'other.keys'));
  await expect(other.store.read('passphrase')).rejects.toMatchObject({ code: 'config_invalid' });
  expect(await other.keyFile.ensure()).toBe(true);
  expect(await other.keyFile.ensure()).toBe(false);
  const { key_id } = await stored('passphrase');
  const asked = other.store.read('passphrase');
  await expect(asked).rejects.toMatchObject({
    code: 'config_invalid',
    retryable: false,
    message: expect.stringMatching(
      new RegExp(`"passphrase" cannot be decrypted.*"${key_id}" is missing.*other.keys`),
    ),
  });
  await expect(other.store.rotate(true, 'test')).rejects.toThrow(key_id);
  expect((await stored('passphrase')).key_id).toBe(key_id);
});

describe('a worker', () => {
  const worker = async () => {
    const redactor = new Redactor();
    const uses = new SecretUses(api.dataSource);
    const { store, others } = open();
    const recorder = new Recorder(api.dataSource);
    const secrets = new Secrets({ sources: [store, ...others], recorder, uses, redactor });
    const watch = new SecretWatch(databaseUrl, secrets, uses, createLogger('test', 'error'));
    await watch.start();
    const use = { actor: 'somebody', permissions: null, where: { run_id: 'r' } };
    return { redactor, watch, resolve: (name: string) => secrets.resolve(name, use) };
  };

  test('knows what others use, now and before it was there, and what is set anew', async () => {
    const first = await worker();
    expect(await first.resolve('passphrase')).toBe(VALUE);
    const second = await worker();
    expect(second.redactor.text(`>${VALUE}<`)).toBe('>«secret:passphrase»<');
    expect(second.redactor.text('from a file')).toBe('from a file');
    await first.resolve('letter');
    await until(
      'the other one knows',
      () => second.redactor.text('from a file\nof two lines') === '«secret:letter»',
    );
    await mission(['secrets', 'set', 'letter'], 'another letter');
    await until('both know', () =>
      [first, second].every(
        ({ redactor }) => redactor.text('another letter') === '«secret:letter»',
      ),
    );
    await Promise.all([first.watch.stop(), second.watch.stop()]);
    const { data } = await api.graphql('{ secrets { name usedAt } }');
    expect(data.secrets).toEqual([
      { name: 'letter', usedAt: expect.any(String) },
      { name: 'passphrase', usedAt: expect.any(String) },
    ]);
    const uses = (await audit()).filter(
      ({ action }: { action: string }) => action === 'secret.use',
    );
    expect(uses.map(({ target }: { target: string }) => target)).toEqual([
      'secret:passphrase',
      'secret:letter',
    ]);
  });
});
