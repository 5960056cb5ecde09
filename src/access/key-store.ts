import type { DataSource } from 'typeorm';
import { IsNull } from 'typeorm';
import { ApiKeyRow } from '../platform/database/entities/access/api-key.row.js';
import { hashKey } from './api-key.js';
import type { Principal } from './principal.js';

/** How long an answer is believed, in ms: a revoked key is refused within 5 s. */
const BELIEVED_MS = 2_000;
const MAX_ENTRIES = 10_000;

interface Entry {
  until: number;
  principal: Promise<Principal | null>;
}

/** Verifies API keys against their hashes. Answers are remembered for a moment, and asked for once at a time. */
export class KeyStore {
  private readonly entries = new Map<string, Entry>();
  private readonly configured: string | undefined;

  /** `configuredKey`: the operator's key from the environment, valid beside those in the database. */
  constructor(
    private readonly dataSource: DataSource,
    configuredKey?: string,
  ) {
    this.configured = configuredKey === undefined ? undefined : hashKey(configuredKey);
  }

  /** The key's principal, or null where there is no such key or it was revoked. Rejects when the database is away. */
  verify(key: string): Promise<Principal | null> {
    const hash = hashKey(key);
    if (hash === this.configured) {
      return Promise.resolve({ keyId: 'configured', actor: 'operator', role: 'operator' });
    }
    const known = this.entries.get(hash);
    return known && known.until > Date.now() ? known.principal : this.ask(hash);
  }

  /** Who holds a key that is not revoked. */
  async holders(): Promise<Pick<Principal, 'actor' | 'role'>[]> {
    const keys = this.dataSource.getRepository(ApiKeyRow);
    const rows = await keys.findBy({ revoked_at: IsNull() });
    return rows.map(({ actor, role }) => ({ actor, role }));
  }

  private ask(hash: string): Promise<Principal | null> {
    if (this.entries.size >= MAX_ENTRIES) this.entries.clear();
    const principal = this.read(hash);
    this.entries.set(hash, { until: Date.now() + BELIEVED_MS, principal });
    principal.catch(() => this.entries.delete(hash));
    return principal;
  }

  private async read(hash: string): Promise<Principal | null> {
    const keys = this.dataSource.getRepository(ApiKeyRow);
    const row = await keys.findOneBy({ hash, revoked_at: IsNull() });
    return row && { keyId: row.id, actor: row.actor, role: row.role };
  }
}
