import type { DataSource, EntityManager } from 'typeorm';
import { audited } from '../../platform/database/sql/audited.js';
import { query } from '../../platform/database/sql/query.js';
import { literal, sql, type Sql } from '../../platform/database/sql/sql.js';
import { notify } from '../../platform/database/sql/notify.js';
import { MissionError } from '../../contracts/errors.js';
import type { KeyFile } from '../../platform/keys/key-file.js';
import type { Keyring } from '../../platform/keys/keyring.js';
import type { SecretSource } from './secret-source.js';

interface Sealed {
  name: string;
  key_id: string;
  sealed: Buffer;
}

interface SealedBy extends Sealed {
  actor: string;
}

const setOf = ({ name, key_id, sealed, actor }: SealedBy): Sql => sql`WITH kept AS (
    INSERT INTO secrets (name, key_id, sealed, updated_by) VALUES (${name}, ${key_id}, ${sealed}, ${actor})
    ON CONFLICT (name) DO UPDATE SET key_id = EXCLUDED.key_id, sealed = EXCLUDED.sealed,
      updated_by = EXCLUDED.updated_by, updated_at = now()
    RETURNING name),
  audited AS (${audited({
    actor: sql`${actor}`,
    action: literal('secret.set'),
    target: sql`'secret:' || name`,
    data: sql`json_build_object('key_id', ${key_id}::text)`,
    from: sql`kept`,
  })})
  SELECT ${notify('secrets', sql`name`)} FROM kept`;

const deleteOf = (name: string, actor: string): Sql => sql`WITH gone AS (
    DELETE FROM secrets WHERE name = ${name} RETURNING name),
  audited AS (${audited({
    actor: sql`${actor}::text`,
    action: literal('secret.delete'),
    target: sql`'secret:' || name`,
    from: sql`gone`,
  })})
  SELECT name FROM gone`;

const rotatedBy = (actor: string, key_id: string, count: number): Sql =>
  audited({
    actor: sql`${actor}::text`,
    action: literal('secret.rotate'),
    target: literal('secrets'),
    data: sql`json_build_object('key_id', ${key_id}::text, 'secrets', ${count}::int)`,
  });

/** The encrypted store. Values lie in Postgres, each encrypted and bound to its name; the keys lie in a file outside Postgres. */
export class SecretStore implements SecretSource {
  readonly kind = 'store';

  constructor(
    private readonly dataSource: DataSource,
    private readonly keyFile: KeyFile,
  ) {}

  async read(name: string): Promise<string | undefined> {
    const rows: Sealed[] = await this.dataSource.query(
      'SELECT name, key_id, sealed FROM secrets WHERE name = $1',
      [name],
    );
    return rows[0] && open(await this.keyFile.keys(), rows[0]);
  }

  provide(name: string): string {
    return `run "mission secrets set ${name}"`;
  }

  async names(): Promise<string[]> {
    const rows: { name: string }[] = await this.dataSource.query('SELECT name FROM secrets');
    return rows.map(({ name }) => name);
  }

  async set(name: string, value: string, actor: string): Promise<void> {
    const keys = await this.keyFile.keys();
    const sealed = keys.seal(Buffer.from(value), aboutOf(name));
    await query(this.dataSource, setOf({ name, key_id: keys.current.id, sealed, actor }));
  }

  /** @throws MissionError `not_found` */
  async delete(name: string, actor: string): Promise<void> {
    const rows = await query<object>(this.dataSource, deleteOf(name, actor));
    if (rows.length > 0) return;
    throw new MissionError('not_found', `There is no stored secret "${name}".`);
  }

  /**
   * Encrypts every secret anew: with `renew` under a new key, else under the first key of the file. Rotations run one at a
   * time. A secret that cannot be decrypted makes the rotation fail before anything is changed.
   */
  rotate(renew: boolean, actor: string): Promise<{ keyId: string; count: number }> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('mission_secrets_rotation'))`);
      const rows: Sealed[] = await manager.query(
        'SELECT name, key_id, sealed FROM secrets ORDER BY name FOR UPDATE',
      );
      const old = await this.keyFile.keys();
      const values = rows.map((row) => [row.name, open(old, row)] as const);
      const keys = renew ? await this.keyFile.renew() : old;
      for (const [name, value] of values) await reseal(manager, keys, name, value);
      await query(manager, rotatedBy(actor, keys.current.id, values.length));
      return { keyId: keys.current.id, count: values.length };
    });
  }
}

/** The authenticated data of a secret's encryption: a row that is moved to another name cannot be decrypted. */
const aboutOf = (name: string) => `secret:${name}`;

function open(keys: Keyring, { name, key_id, sealed }: Sealed): string {
  try {
    return keys.open(key_id, sealed, aboutOf(name)).toString('utf8');
  } catch (error) {
    if (!(error instanceof MissionError)) throw error;
    const { code, message, retryable } = error;
    const text = `The secret "${name}" cannot be decrypted. ${message}`;
    throw new MissionError(
      code,
      text,
      { secret: name },
      { cause: error, ...(retryable !== undefined && { retryable }) },
    );
  }
}

async function reseal(
  manager: EntityManager,
  keys: Keyring,
  name: string,
  value: string,
): Promise<void> {
  const sealed = keys.seal(Buffer.from(value), aboutOf(name));
  await manager.query('UPDATE secrets SET key_id = $2, sealed = $3 WHERE name = $1', [
    name,
    keys.current.id,
    sealed,
  ]);
}
