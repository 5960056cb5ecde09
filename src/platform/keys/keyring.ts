import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { MissionError } from '../../contracts/errors.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A key and its id, which is stored with the data that it encrypts. */
export interface Key {
  id: string;
  bytes: Buffer;
}

/** Creates a key; its id contains the date. */
export function createKey(now = new Date()): Key {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  return { id: `k${day}-${randomBytes(3).toString('hex')}`, bytes: randomBytes(KEY_BYTES) };
}

/** Formats a key as a line of a key file. */
export const keyLine = ({ id, bytes }: Key): string => `${id}:${bytes.toString('base64')}`;

/**
 * Keys for AES-256-GCM. The first one encrypts, all of them decrypt, so that a
 * new one can be added in front at any time. Sealed data consists of nonce,
 * ciphertext and tag, and is bound to its purpose, `about`.
 */
export class Keyring {
  private readonly byId: ReadonlyMap<string, Key>;

  /** @param where the file that contains the keys, for messages */
  constructor(
    readonly keys: readonly Key[],
    private readonly where: string,
  ) {
    this.byId = new Map(keys.map((key) => [key.id, key]));
  }

  /**
   * Reads `id:base64` lines; blank lines and those that begin with `#` are
   * skipped.
   * @throws MissionError `config_invalid` that names the line and never its
   * content
   */
  static parse(text: string, where: string): Keyring {
    const lines = text.split('\n').map((line, at) => [line.trim(), at + 1] as const);
    const keys = lines
      .filter(([line]) => line !== '' && !line.startsWith('#'))
      .map(([line, at]) => keyOf(line, `${where}:${at}`));
    if (keys.length === 0) throw fault(`${where} contains no key: write a line id:base64`);
    if (new Set(keys.map(({ id }) => id)).size < keys.length) {
      throw fault(`${where} contains two keys with the same ID: give each key a different ID`);
    }
    return new Keyring(keys, where);
  }

  /** The key that encrypts. */
  get current(): Key {
    return this.keys[0]!;
  }

  seal(plain: Uint8Array, about: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.current.bytes, nonce).setAAD(Buffer.from(about));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * @throws MissionError `config_invalid` when the key is missing or does not
   * match, or the data was changed; `internal` when the data is too short
   */
  open(keyId: string, sealed: Uint8Array, about: string): Buffer {
    const key = this.byId.get(keyId);
    if (!key) {
      const known = this.keys.map(({ id }) => id).join(', ');
      throw fault(
        `the key "${keyId}" is missing: ${this.where} contains ${known}. Add the line of "${keyId}" to it`,
      );
    }
    if (sealed.length < NONCE_BYTES + TAG_BYTES) {
      throw new MissionError('internal', `Data encrypted with "${keyId}" is truncated.`);
    }
    try {
      return decrypt(key, sealed, about);
    } catch (cause) {
      const text = `the key "${keyId}" in ${this.where} cannot decrypt the data: the data was encrypted with a different key, or was changed`;
      throw fault(text, cause);
    }
  }
}

function decrypt({ bytes }: Key, sealed: Uint8Array, about: string): Buffer {
  const decipher = createDecipheriv(CIPHER, bytes, sealed.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const text = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  return Buffer.concat([decipher.update(text), decipher.final()]);
}

function keyOf(line: string, where: string): Key {
  const at = line.indexOf(':');
  const [id, text] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  const bytes = Buffer.from(text, 'base64');
  if (at < 0 || !ID.test(id)) throw fault(`${where} does not start with the ID of a key and ":"`);
  if (bytes.length !== KEY_BYTES) {
    throw fault(
      `${where}: "${id}" is not ${KEY_BYTES} bytes in base64; make some with openssl rand -base64 32`,
    );
  }
  return { id, bytes };
}

const fault = (text: string, cause?: unknown) =>
  new MissionError('config_invalid', `${text[0]!.toUpperCase()}${text.slice(1)}.`, undefined, {
    cause,
    retryable: false,
  });
