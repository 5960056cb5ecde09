import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { MissionError } from '../../contracts/errors.js';
import { isObject } from '../../contracts/json/json.js';
import { SECRET_NAME } from '../../contracts/secret.js';
import type { SecretSource } from './secret-source.js';

/**
 * Reads secrets from a YAML or JSON file that maps names to values, or from a directory with one file for each secret, as
 * containers mount them. It reads them anew each time, so that an edit counts at once.
 */
export class FileSource implements SecretSource {
  readonly kind = 'file';

  /** `path`: absolute path of the file or directory; undefined = a source without secrets. */
  constructor(private readonly path: string | undefined) {}

  async read(name: string): Promise<string | undefined> {
    const { path } = this;
    if (path === undefined) return undefined;
    if (!(await this.readable(stat(path))).isDirectory()) return (await this.map(path)).get(name);
    return this.readable(readOne(join(path, name)));
  }

  provide(name: string): string {
    return this.path === undefined
      ? `set secrets.file in mission.yaml to a file and add "${name}: …" to it`
      : `add "${name}" to ${this.path}`;
  }

  async names(): Promise<string[]> {
    const { path } = this;
    if (path === undefined) return [];
    const directory = (await this.readable(stat(path))).isDirectory();
    const names = directory
      ? await this.readable(readdir(path))
      : [...(await this.map(path)).keys()];
    return names.filter((name) => SECRET_NAME.test(name));
  }

  private readable<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: Error) => {
      throw this.fault(error.message);
    });
  }

  /** Parses the file. The errors never contain its content, which is secret. */
  private async map(path: string): Promise<Map<string, string>> {
    const text = await this.readable(readFile(path, 'utf8'));
    const content = parsed(text);
    if (!isObject(content)) throw this.fault('it is not a map of names to values');
    const entries = Object.entries(content).filter(([, value]) => value !== null);
    const wrong = entries.find(([, value]) => typeof value !== 'string');
    if (wrong) throw this.fault(`the value of "${wrong[0]}" is not text; put it in quotes`);
    return new Map(entries as [string, string][]);
  }

  private fault(reason: string): MissionError {
    const text = `The secrets in ${this.path} cannot be read: ${reason}.`;
    return new MissionError('config_invalid', text, undefined, { retryable: false });
  }
}

/** Reads a file with one secret, without the newline at its end, which is no part of the secret. */
async function readOne(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch {
    return undefined;
  }
}
