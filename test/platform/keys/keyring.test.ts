import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KeyFile } from '../../../src/platform/keys/key-file.js';
import { createKey, keyLine, Keyring } from '../../../src/platform/keys/keyring.js';
import { EncryptionCodec } from '../../../src/platform/temporal/payload-codec.js';
import { PayloadKeys } from '../../../src/platform/temporal/payload-keys.js';

let directory: string;
let file: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mission-keys-'));
  file = join(directory, 'keys');
});
afterAll(() => rmSync(directory, { recursive: true }));

const [old, current] = [createKey(), createKey()];
const write = (...lines: string[]) => writeFileSync(file, lines.join('\n'));
const text = Buffer.from('what is to be kept');

describe('a keyring', () => {
  test('encrypts with its first key, and decrypts with all', () => {
    const sealed = new Keyring([old], 'x').seal(text, 'a');
    const ring = Keyring.parse(`# a comment\n\n${keyLine(current)}\r\n${keyLine(old)}\n`, 'x');
    expect(ring.current.id).toBe(current.id);
    expect(ring.open(old.id, sealed, 'a')).toEqual(text);
    expect(ring.open(current.id, ring.seal(text, 'a'), 'a')).toEqual(text);
    expect(ring.seal(text, 'a').equals(ring.seal(text, 'a'))).toBe(false);
  });

  test.each([
    ['another key of that name', () => new Keyring([{ ...old, bytes: current.bytes }], 'x'), 'a'],
    ['another purpose', () => new Keyring([old], 'x'), 'b'],
  ])('refuses %s', (_, ring, about) => {
    const sealed = new Keyring([old], 'x').seal(text, 'a');
    expect(() => ring().open(old.id, sealed, about)).toThrow(
      `The key "${old.id}" in x cannot decrypt the data`,
    );
  });

  test('refuses what was changed, at every byte', () => {
    const ring = new Keyring([old], 'x');
    const sealed = ring.seal(text, 'a');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => ring.open(old.id, changed, 'a')).toThrow('cannot decrypt the data');
      expect(() => ring.open(old.id, sealed.subarray(0, at), 'a')).toThrow();
    }
  });

  test.each([
    ['', 'x contains no key'],
    ['k1', 'x:1 does not start with'],
    ['# c\nk1:c2hvcnQ=', 'X:2: "k1" is not 32 bytes'],
    [`${keyLine(old)}\n${keyLine(old)}`, 'two keys with the same ID'],
  ])('reads no nonsense: %j', (lines, message) => {
    expect(() => Keyring.parse(lines, 'x')).toThrow(new RegExp(message, 'i'));
  });
});

describe('a key file', () => {
  test('is made once by several processes, is its owner’s, and gets a new key in front', async () => {
    const path = join(directory, 'made/secrets.keys');
    const made = await Promise.all(
      Array.from({ length: 5 }, () => new KeyFile(path, 'p').ensure()),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const other = new KeyFile(path, 'p');
    const [first] = (await other.keys()).keys;
    const renewed = await new KeyFile(path, 'p').renew();
    expect(renewed.keys.map(({ id }) => id)).toEqual([renewed.current.id, first!.id]);
    expect((await other.keys()).current.id).toBe(renewed.current.id);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^# p\. .*\n# Keep a backup/);
  });

  test('that is missing is named', async () => {
    const asked = new KeyFile(join(directory, 'nowhere'), 'p').keys();
    await expect(asked).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('nowhere cannot be read'),
    });
  });
});

describe('the payload codec', () => {
  const payload = {
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from('"text"'),
  };
  const codec = () => new EncryptionCodec(new PayloadKeys(new KeyFile(file, 'p')));

  test('takes what is in clear as it is, and gives back what it encrypted', async () => {
    write(keyLine(old));
    const [sealed] = await codec().encode([payload]);
    expect(Buffer.from(sealed!.metadata!['encryption-key-id']!).toString()).toBe(old.id);
    expect(Buffer.from(sealed!.data!).includes('text')).toBe(false);
    const [first, second] = await codec().decode([sealed!, payload]);
    expect(Buffer.from(first!.data!)).toEqual(payload.data);
    expect(second).toBe(payload);
  });

  test('finds a key that was added meanwhile, and keeps its keys when the file is gone', async () => {
    write(keyLine(old));
    const mine = codec();
    const [before] = await mine.encode([payload]);
    write(keyLine(current), keyLine(old));
    const [after] = await codec().encode([payload]);
    expect(await mine.decode([before!, after!])).toHaveLength(2);
    rmSync(file);
    expect(await mine.decode([before!, after!])).toHaveLength(2);
    await expect(codec().encode([payload])).rejects.toThrow('cannot be read');
  });

  test('names a key that is missing', async () => {
    write(keyLine(old));
    const [sealed] = await codec().encode([payload]);
    write(keyLine(current));
    await expect(codec().decode([sealed!])).rejects.toThrow(
      `A payload in Temporal cannot be decrypted. The key "${old.id}" is missing: ${file} contains ${current.id}. Add the line of "${old.id}" to it.`,
    );
  });
});
