import type { DataSource } from 'typeorm';
import { CHANNELS } from '../../contracts/engine.js';

/** Minimum time between two writes of one secret's row by one process: many steps may use the secret at once. */
const EVERY_MS = 10_000;

const USED = `WITH used AS (
    INSERT INTO secret_uses (name, source) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET source = EXCLUDED.source, used_at = now() RETURNING name)
  SELECT pg_notify('${CHANNELS.secrets}', name) FROM used`;

/** Stores when each secret was used last, and notifies the other workers so that they redact the secret, too. */
export class SecretUses {
  private readonly lastWritten = new Map<string, number>();

  constructor(private readonly dataSource: DataSource) {}

  /** @param fresh the value is new to this process. The use is then written at once, because other workers may not know the value. */
  async note(name: string, source: string, fresh: boolean): Promise<void> {
    const now = Date.now();
    if (!fresh && now - (this.lastWritten.get(name) ?? 0) < EVERY_MS) return;
    await this.dataSource.query(USED, [name, source]);
    this.lastWritten.set(name, now);
  }

  /** The names of all secrets that were ever used. */
  async names(): Promise<string[]> {
    const rows: { name: string }[] = await this.dataSource.query('SELECT name FROM secret_uses');
    return rows.map(({ name }) => name);
  }
}
