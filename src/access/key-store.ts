import type { DataSource } from 'typeorm';
import { narrow } from '../contracts/permission.js';
import { hashKey } from './api-key.js';
import type { Principal } from './principal.js';
import { rightsOfRole } from './roles.js';

/** Milliseconds for which a verification is cached; a revoked key is refused after that, and must be within 5 s. */
const CACHED_MS = 2_000;
const MAX_ENTRIES = 10_000;

/** A valid key: not revoked, not expired, and its user is not disabled. The user's role counts, where there is a user. */
const VALID = `FROM api_keys k LEFT JOIN users u ON u.name = k.actor LEFT JOIN roles r ON r.name = coalesce(u.role, k.role)
  WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.disabled_at IS NULL`;
const FIND = `SELECT k.id, k.actor, coalesce(u.role, k.role) AS role, k.rights, r.rights AS role_rights, k.read_only ${VALID}
  AND k.hash = $1`;
const HOLDERS = `SELECT DISTINCT ON (k.actor) k.actor, coalesce(u.role, k.role) AS role, r.rights AS role_rights ${VALID}
  AND NOT k.read_only`;

interface KnownKey {
  id: string;
  actor: string;
  role: string;
  rights: string[] | null;
  role_rights: string[] | null;
  read_only: boolean;
}

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
      const principal = { keyId: 'configured', actor: 'operator', role: 'operator', rights: null };
      return Promise.resolve(principal);
    }
    const known = this.entries.get(hash);
    return known && known.until > Date.now() ? known.principal : this.ask(hash);
  }

  /** The actor and role of each key that is not revoked. */
  async holders(): Promise<Pick<Principal, 'actor' | 'role' | 'rights'>[]> {
    const rows =
      await this.dataSource.query<Pick<KnownKey, 'actor' | 'role' | 'role_rights'>[]>(HOLDERS);
    return rows.map(({ actor, role, role_rights }) => ({
      actor,
      role,
      rights: rightsOfRole(role, role_rights),
    }));
  }

  private ask(hash: string): Promise<Principal | null> {
    if (this.entries.size >= MAX_ENTRIES) this.entries.clear();
    const principal = this.read(hash);
    this.entries.set(hash, { until: Date.now() + CACHED_MS, principal });
    principal.catch(() => this.entries.delete(hash));
    return principal;
  }

  private async read(hash: string): Promise<Principal | null> {
    const [row] = await this.dataSource.query<KnownKey[]>(FIND, [hash]);
    if (!row) return null;
    const { id: keyId, actor, role, rights, role_rights, read_only } = row;
    const allowed = narrow(rightsOfRole(role, role_rights), rights);
    return { keyId, actor, role, rights: allowed, ...(read_only && { readOnly: true }) };
  }
}
