import type { DataSource } from 'typeorm';
import { IsNull } from 'typeorm';
import { ApiKeyRow } from '../platform/database/entities/access/api-key.row.js';
import { hashKey } from './api-key.js';
import type { Principal } from './principal.js';

/** Milliseconds for which a verification is cached; a revoked key is refused after that, and must be within 5 s. */
const CACHED_MS = 2_000;
const MAX_ENTRIES = 10_000;

interface Entry {
  until: number;
  principal: Promise<Principal | null>;
}

/** Verifies API keys against their hashes. Results are cached for 2 s, and concurrent requests for a key share one query. */
export class KeyStore {
  private readonly entries = new Map<string, Entry>();
  private readonly configured: string | undefined;

  /** `configuredKey`: the operator's key from the environment, which is valid in addition to the keys in the database. */
  constructor(
    private readonly dataSource: DataSource,
    configuredKey?: string,
  ) {
    this.configured = configuredKey === undefined ? undefined : hashKey(configuredKey);
  }

  /** The key's principal, or null when the key is unknown or revoked. Rejects when the database cannot be reached. */
  verify(key: string): Promise<Principal | null> {
    const hash = hashKey(key);
    if (hash === this.configured) {
      return Promise.resolve({ keyId: 'configured', actor: 'operator', role: 'operator' });
    }
    const known = this.entries.get(hash);
    return known && known.until > Date.now() ? known.principal : this.ask(hash);
  }

  /** The actor and role of each key that is not revoked. */
  async holders(): Promise<Pick<Principal, 'actor' | 'role'>[]> {
    const keys = this.dataSource.getRepository(ApiKeyRow);
    const rows = await keys.findBy({ revoked_at: IsNull() });
    return rows.map(({ actor, role }) => ({ actor, role }));
  }

  private ask(hash: string): Promise<Principal | null> {
    if (this.entries.size >= MAX_ENTRIES) this.entries.clear();
    const principal = this.read(hash);
    this.entries.set(hash, { until: Date.now() + CACHED_MS, principal });
    principal.catch(() => this.entries.delete(hash));
    return principal;
  }

  private async read(hash: string): Promise<Principal | null> {
    const keys = this.dataSource.getRepository(ApiKeyRow);
    const row = await keys.findOneBy({ hash, revoked_at: IsNull() });
    return row && { keyId: row.id, actor: row.actor, role: row.role };
  }
}
