import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import { SECRET_NAME } from '../../contracts/secret.js';
import { MIN_SECRET_LENGTH } from '../../platform/redaction/redactor.js';
import type { SecretSource } from './secret-source.js';
import type { SecretStore } from './secret-store.js';

const MAX_BYTES = 64 * 1024;

/** The public data of a secret: everything but its value. */
export interface SecretEntry {
  name: string;
  /** The first source that has the secret: that source's value is used. */
  source: SecretSource['kind'];
  /** The id of the key that encrypts the secret in the store; null for the other sources. */
  keyId: string | null;
  updatedAt: Date | null;
  updatedBy: string | null;
  usedAt: Date | null;
}

interface StoredRow {
  name: string;
  key_id: string;
  updated_at: Date;
  updated_by: string;
}

/** Sets, deletes, lists and re-encrypts secrets for people. No method returns a value. */
export class SecretService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: SecretStore,
    /** The sources beside the store, in the order in which they are asked. */
    private readonly others: readonly SecretSource[],
    /** True when `rotate` may add a key to the key file: no other copy of the file exists that would then lack the key. */
    private readonly mayRenew: boolean,
  ) {}

  /**
   * Stores a value, which needs at least `MIN_SECRET_LENGTH` characters and at most 64 KiB.
   * @throws MissionError `input_invalid`, `too_large`
   */
  async set(name: string, value: string, actor: string): Promise<SecretEntry> {
    if (!SECRET_NAME.test(name)) {
      const text = `${JSON.stringify(name).slice(0, 80)} is not a valid name for a secret: use lower-case letters, digits and _, at most 64 characters, starting with a letter.`;
      throw new MissionError('input_invalid', text);
    }
    if (value.length < MIN_SECRET_LENGTH) {
      const text = `The value is shorter than ${MIN_SECRET_LENGTH} characters: a value that short cannot be removed reliably from logs and results.`;
      throw new MissionError('input_invalid', text);
    }
    if (Buffer.byteLength(value) > MAX_BYTES) {
      throw new MissionError('too_large', `The value is larger than ${MAX_BYTES / 1024} KiB.`);
    }
    await this.store.set(name, value, actor);
    return (await this.list()).find((entry) => entry.name === name)!;
  }

  delete(name: string, actor: string): Promise<void> {
    return this.store.delete(name, actor);
  }

  /** See {@link SecretStore.rotate}. */
  rotate(actor: string): Promise<{ keyId: string; count: number }> {
    return this.store.rotate(this.mayRenew, actor);
  }

  /** All secrets in the order of their names. Those of files and the environment are listed as this process sees them. */
  async list(): Promise<SecretEntry[]> {
    const used: { name: string; used_at: Date }[] = await this.dataSource.query(
      'SELECT name, used_at FROM secret_uses',
    );
    const usedAt = new Map(used.map(({ name, used_at }) => [name, used_at]));
    const entries = new Map<string, SecretEntry>();
    for (const entry of [...(await this.stored()), ...(await this.elsewhere())]) {
      if (entries.has(entry.name)) continue;
      entries.set(entry.name, { ...entry, usedAt: usedAt.get(entry.name) ?? null });
    }
    return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private async stored(): Promise<SecretEntry[]> {
    const rows: StoredRow[] = await this.dataSource.query(
      'SELECT name, key_id, updated_at, updated_by FROM secrets',
    );
    return rows.map(({ name, key_id, updated_at, updated_by }) => ({
      name,
      source: 'store',
      keyId: key_id,
      updatedAt: updated_at,
      updatedBy: updated_by,
      usedAt: null,
    }));
  }

  private async elsewhere(): Promise<SecretEntry[]> {
    const lists = this.others.map(async (source) =>
      (await source.names()).map((name) => ({
        name,
        source: source.kind,
        keyId: null,
        updatedAt: null,
        updatedBy: null,
        usedAt: null,
      })),
    );
    return (await Promise.all(lists)).flat();
  }
}
