import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MissionError } from '../../contracts/errors.js';
import { createKey, type Key, keyLine, Keyring } from './keyring.js';

/** A file of keys, which is read again when it has changed. */
export class KeyFile {
  private read: { stamp: string; ring: Keyring } | undefined;

  constructor(
    readonly path: string,
    /** Purpose of the keys, for the comment in the file. */
    private readonly purpose: string,
  ) {}

  /**
   * @throws MissionError `config_invalid` when the file cannot be read or
   * contains no keys
   */
  async keys(): Promise<Keyring> {
    try {
      const { mtimeMs, size, ino } = await stat(this.path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (this.read?.stamp !== stamp) {
        this.read = { stamp, ring: Keyring.parse(await readFile(this.path, 'utf8'), this.path) };
      }
      return this.read.ring;
    } catch (error) {
      throw error instanceof MissionError ? error : this.fault('read', error);
    }
  }

  /**
   * Creates the file (mode 0600) with a first key unless it exists. Returns
   * true when it was created. Safe with concurrent processes.
   */
  async ensure(): Promise<boolean> {
    const temporary = await this.write([createKey()]);
    try {
      await link(temporary, this.path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw this.fault('written', error);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Adds a new key as the first one. */
  async renew(): Promise<Keyring> {
    const { keys } = await this.keys();
    const temporary = await this.write([createKey(), ...keys]);
    await rename(temporary, this.path).catch((error: Error) => {
      throw this.fault('written', error);
    });
    return this.keys();
  }

  private async write(keys: readonly Key[]): Promise<string> {
    const temporary = `${this.path}.${randomUUID()}`;
    const head = [
      `# ${this.purpose}. The first key encrypts; the others decrypt older data.`,
      '# Keep a backup of this file: encrypted data cannot be read without the keys.',
    ];
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFile(temporary, [...head, ...keys.map(keyLine), ''].join('\n'), {
        mode: 0o600,
        flag: 'wx',
      });
      return temporary;
    } catch (error) {
      throw this.fault('written', error);
    }
  }

  private fault(verb: string, cause: unknown): MissionError {
    const text = `The key file ${this.path} cannot be ${verb}: ${(cause as Error).message}.`;
    return new MissionError('config_invalid', text, undefined, { cause, retryable: false });
  }
}
