import type { DataSource } from 'typeorm';
import { CHANNELS } from '../../contracts/engine.js';

/** One row per secret, however many steps use it at once: it is written so often at most. */
const EVERY_MS = 10_000;

const USED = `WITH used AS (
    INSERT INTO secret_uses (name, source) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET source = EXCLUDED.source, used_at = now() RETURNING name)
  SELECT pg_notify('${CHANNELS.secrets}', name) FROM used`;

/** When secrets were used last. It also tells other workers what to look out for. */
export class SecretUses {
  private readonly told = new Map<string, number>();

  constructor(private readonly dataSource: DataSource) {}

  /** @param fresh the value is new to this process: others may not know it either */
  async note(name: string, source: string, fresh: boolean): Promise<void> {
    const now = Date.now();
    if (!fresh && now - (this.told.get(name) ?? 0) < EVERY_MS) return;
    await this.dataSource.query(USED, [name, source]);
    this.told.set(name, now);
  }

  /** Every secret that was ever used. */
  async names(): Promise<string[]> {
    const rows: { name: string }[] = await this.dataSource.query('SELECT name FROM secret_uses');
    return rows.map(({ name }) => name);
  }
}
