import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import { narrow, parsePermission, type Permissions } from '../contracts/permission.js';
import type { ApiKeyRow } from '../platform/database/entities/access/api-key.row.js';
import type { UserRow } from '../platform/database/entities/access/user.row.js';
import { createKey, hashKey } from './api-key.js';
import type { Principal } from './principal.js';
import { rightsOf } from './rights.js';
import { isBuiltIn, ROLES } from './roles.js';

/** A request for a key. */
export interface NewKey {
  user: string;
  /** What it is for; absent = the user's name. */
  name?: string | null;
  /** Permission tags that bound the user's own; absent = all that the user may. */
  rights?: string[] | null;
  expiresAt?: Date | null;
  readOnly?: boolean | null;
}

/** A role with its rights; null = everything. */
export interface RoleEntry {
  name: string;
  rights: Permissions;
  builtIn: boolean;
}

const NAME = /^[a-z][a-z0-9_.@-]{0,63}$/i;
const CREATE = `INSERT INTO api_keys (hash, name, actor, role, rights, read_only, expires_at, created_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *`;
const REVOKE = `UPDATE api_keys SET revoked_at = coalesce(revoked_at, now())
  WHERE id = $1 AND ($2::text IS NULL OR actor = $2) RETURNING *`;
const LIST = `SELECT * FROM api_keys WHERE $1::text IS NULL OR actor = $1 ORDER BY created_at DESC, id`;
const SET_USER = `INSERT INTO users (name, role, created_by) VALUES ($1, $2, $3)
  ON CONFLICT (name) DO UPDATE SET role = EXCLUDED.role, disabled_at = NULL RETURNING *`;
const DISABLE =
  'UPDATE users SET disabled_at = coalesce(disabled_at, now()) WHERE name = $1 RETURNING *';
const SET_ROLE = `INSERT INTO roles (name, rights, updated_by) VALUES ($1, $2, $3)
  ON CONFLICT (name) DO UPDATE SET rights = EXCLUDED.rights, updated_by = EXCLUDED.updated_by, updated_at = now()`;
const AUDIT = 'INSERT INTO audit_events (actor, action, target, data) VALUES ($1, $2, $3, $4)';

/** Users, roles and API keys. A caller never gives away more than it has. */
export class KeyService {
  constructor(private readonly dataSource: DataSource) {}

  /** Creates a key. The key itself is in this answer and nowhere else. */
  async create(caller: Principal, request: NewKey): Promise<{ key: string; row: ApiKeyRow }> {
    const { user, name, rights, expiresAt, readOnly } = request;
    checkTags(rights ?? []);
    if (expiresAt && expiresAt.getTime() <= Date.now()) throw invalid('expiresAt is in the past.');
    if (user !== caller.actor) requireAll(caller, 'create a key of another user');
    const role = await this.roleOf(user, caller);
    // A key of one's own never may more than the one that makes it.
    const bounded =
      user === caller.actor ? narrow(rightsOf(caller), rights ?? null) : (rights ?? null);
    const key = createKey();
    const [row] = await this.dataSource.query<ApiKeyRow[]>(CREATE, [
      hashKey(key),
      name ?? user,
      user,
      role,
      bounded === null ? null : JSON.stringify(bounded),
      readOnly === true || caller.readOnly === true,
      expiresAt ?? null,
      caller.actor,
    ]);
    await this.audit(caller, 'key.create', `key:${row!.id}`, { user, rights: bounded, readOnly });
    return { key, row: row! };
  }

  /** The keys without their values; those of the caller, unless it may everything. */
  list(caller: Principal): Promise<ApiKeyRow[]> {
    return this.dataSource.query(LIST, [rightsOf(caller) === null ? null : caller.actor]);
  }

  /** Revokes a key: it is refused within two seconds. */
  async revoke(caller: Principal, id: string): Promise<ApiKeyRow> {
    const own = rightsOf(caller) === null ? null : caller.actor;
    const isId = /^[0-9a-f-]{36}$/i.test(id);
    const [rows]: [ApiKeyRow[]] = isId ? await this.dataSource.query(REVOKE, [id, own]) : [[]];
    if (!rows[0]) throw new MissionError('not_found', `There is no key ${id.slice(0, 100)}.`);
    await this.audit(caller, 'key.revoke', `key:${id}`, { user: rows[0].actor });
    return rows[0];
  }

  users(): Promise<UserRow[]> {
    return this.dataSource.query('SELECT * FROM users ORDER BY name');
  }

  /** Adds a user, or gives one another role; a disabled one is enabled again. */
  async setUser(caller: Principal, name: string, role: string): Promise<UserRow> {
    requireAll(caller, 'manage users');
    if (!NAME.test(name))
      throw invalid(`${JSON.stringify(name.slice(0, 80))} is not a name for a user.`);
    await this.checkRole(role);
    const [user] = await this.dataSource.query<UserRow[]>(SET_USER, [name, role, caller.actor]);
    await this.audit(caller, 'user.set', `user:${name}`, { role });
    return user!;
  }

  /** Makes all keys of a user invalid. */
  async disableUser(caller: Principal, name: string): Promise<UserRow> {
    requireAll(caller, 'manage users');
    if (name === caller.actor) throw invalid('You cannot disable yourself.');
    const [rows]: [UserRow[]] = await this.dataSource.query(DISABLE, [name]);
    if (!rows[0]) throw new MissionError('not_found', `There is no user ${name.slice(0, 100)}.`);
    await this.audit(caller, 'user.disable', `user:${name}`, {});
    return rows[0];
  }

  async roles(): Promise<RoleEntry[]> {
    const own = await this.dataSource.query<{ name: string; rights: string[] }[]>(
      'SELECT name, rights FROM roles ORDER BY name',
    );
    const builtIn = Object.entries(ROLES).map(([name, rights]) => ({
      name,
      rights,
      builtIn: true,
    }));
    return [...builtIn, ...own.map((role) => ({ ...role, builtIn: false }))];
  }

  /** Sets the rights of a role of one's own. */
  async setRole(caller: Principal, name: string, rights: string[]): Promise<RoleEntry> {
    requireAll(caller, 'manage roles');
    if (isBuiltIn(name)) throw invalid(`${name} is a built-in role; choose another name.`);
    if (!NAME.test(name))
      throw invalid(`${JSON.stringify(name.slice(0, 80))} is not a name for a role.`);
    checkTags(rights);
    await this.dataSource.query(SET_ROLE, [name, JSON.stringify(rights), caller.actor]);
    await this.audit(caller, 'role.set', `role:${name}`, { rights });
    return { name, rights, builtIn: false };
  }

  /** The role of the user of a new key. The caller itself need not be in the table. */
  private async roleOf(user: string, caller: Principal): Promise<string> {
    const [known] = await this.dataSource.query<UserRow[]>('SELECT * FROM users WHERE name = $1', [
      user,
    ]);
    if (known?.disabled_at) throw new MissionError('conflict', `The user ${user} is disabled.`);
    if (known) return known.role;
    if (user === caller.actor) return caller.role;
    throw new MissionError(
      'not_found',
      `There is no user ${user.slice(0, 100)}. Add it with mission users add ${user.slice(0, 100)} --role ROLE.`,
    );
  }

  private async checkRole(role: string): Promise<void> {
    const names = (await this.roles()).map(({ name }) => name);
    if (!names.includes(role))
      throw invalid(`There is no role ${role.slice(0, 80)}; there are ${names.join(', ')}.`);
  }

  private async audit(
    caller: Principal,
    action: string,
    target: string,
    data: object,
  ): Promise<void> {
    await this.dataSource.query(AUDIT, [caller.actor, action, target, JSON.stringify(data)]);
  }
}

const invalid = (text: string) => new MissionError('input_invalid', text);

function requireAll(caller: Principal, what: string): void {
  if (rightsOf(caller) === null && caller.readOnly !== true) return;
  throw new MissionError('permission_denied', `Only an admin or operator may ${what}.`);
}

function checkTags(tags: readonly string[]): void {
  const wrong = tags.find((tag) => parsePermission(tag) === undefined);
  if (wrong === undefined) return;
  throw invalid(
    `${JSON.stringify(wrong.slice(0, 80))} is not a right: write verb:resource or verb:resource:scope, such as read:executions.`,
  );
}
