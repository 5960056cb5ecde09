import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { KeyService } from '../../src/access/key-service.js';
import { KeyStore } from '../../src/access/key-store.js';
import type { Principal } from '../../src/access/principal.js';
import { may } from '../../src/access/rights.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

let database: TestDatabase;
let service: KeyService;
beforeAll(async () => {
  database = await openTestDatabase();
  service = new KeyService(database.source);
}, 120_000);
afterAll(() => database?.close());

const boss: Principal = { keyId: 'k', actor: 'operator', role: 'operator', rights: null };
const verify = (key: string) => new KeyStore(database.source).verify(key);

test('a key acts as its user, with the rights of the role', async () => {
  await service.setUser(boss, 'anna', 'developer');
  const { key, row } = await service.create(boss, { user: 'anna' });
  expect(key).toMatch(/^mc_local_[\w-]{43}$/);
  expect(JSON.stringify(row)).not.toContain(key);
  const anna = (await verify(key))!;
  expect(anna).toMatchObject({ actor: 'anna', role: 'developer' });
  expect(may(anna, 'execute:directives')).toBe(true);
  expect(may(anna, 'write:executions:cancel')).toBe(true);
  expect(may(anna, 'write:secrets')).toBe(false);
  expect(may(anna, 'write:keys')).toBe(false);
});

test('a key is bounded by rights, by time, and to reading', async () => {
  await service.setUser(boss, 'ci', 'developer');
  const scoped = await service.create(boss, {
    user: 'ci',
    rights: ['execute:directives:deploy_*'],
  });
  const principal = (await verify(scoped.key))!;
  expect(may(principal, 'execute:directives:deploy_staging')).toBe(true);
  expect(may(principal, 'execute:directives:drop_database')).toBe(false);
  expect(may(principal, 'read:executions')).toBe(false);
  const reading = await service.create(boss, { user: 'ci', readOnly: true });
  const reader = (await verify(reading.key))!;
  expect([may(reader, 'read:executions'), may(reader, 'execute:directives')]).toEqual([
    true,
    false,
  ]);
  const soon = await service.create(boss, { user: 'ci', expiresAt: new Date(Date.now() + 60_000) });
  await database.source.query(`UPDATE api_keys SET expires_at = now() WHERE id = $1`, [
    soon.row.id,
  ]);
  expect(await verify(soon.key)).toBeNull();
});

test('a revoked key and a disabled user are refused; another role counts at once', async () => {
  await service.setUser(boss, 'ben', 'viewer');
  const one = await service.create(boss, { user: 'ben' });
  const other = await service.create(boss, { user: 'ben' });
  expect(may((await verify(one.key))!, 'execute:directives')).toBe(false);
  await service.setUser(boss, 'ben', 'operator');
  expect(may((await verify(one.key))!, 'write:secrets')).toBe(true);
  await service.revoke(boss, one.row.id);
  expect(await verify(one.key)).toBeNull();
  await service.disableUser(boss, 'ben');
  expect(await verify(other.key)).toBeNull();
  await expect(service.create(boss, { user: 'ben' })).rejects.toMatchObject({ code: 'conflict' });
});

test('a role of one’s own has the rights that it lists; an unknown one has none', async () => {
  await service.setRole(boss, 'deployer', ['read:executions', 'execute:directives:deploy_*']);
  await service.setUser(boss, 'dan', 'deployer');
  const { key } = await service.create(boss, { user: 'dan' });
  const dan = (await verify(key))!;
  expect(may(dan, 'execute:directives:deploy_staging')).toBe(true);
  expect(may(dan, 'read:logs')).toBe(false);
  expect(may({ role: 'nobody' }, 'read:executions')).toBe(false);
});

test('nobody gives away more than they have', async () => {
  const anna: Principal = {
    keyId: 'a',
    actor: 'anna',
    role: 'developer',
    rights: ['read:executions', 'write:keys'],
  };
  const own = await service.create(anna, { user: 'anna' });
  expect((await verify(own.key))!.rights).toEqual(['read:executions']);
  for (const act of [
    () => service.create(anna, { user: 'operator' }),
    () => service.setUser(anna, 'anna', 'operator'),
    () => service.setRole(anna, 'mine', ['write:secrets']),
    () => service.disableUser(anna, 'operator'),
    () => service.setUser({ ...boss, readOnly: true }, 'x', 'viewer'),
  ])
    await expect(act()).rejects.toMatchObject({ code: 'permission_denied' });
  const theirs = await service.create(boss, { user: 'operator' });
  await expect(service.revoke(anna, theirs.row.id)).rejects.toMatchObject({ code: 'not_found' });
  expect((await service.list(anna)).every(({ actor }) => actor === 'anna')).toBe(true);
});

test('what is wrong is told', async () => {
  const refusal = (act: Promise<unknown>) =>
    act.then(
      () => 'nothing',
      ({ code, message }) => `${code}: ${message}`,
    );
  expect(await refusal(service.create(boss, { user: 'nobody' }))).toContain(
    'mission users add nobody --role',
  );
  expect(await refusal(service.create(boss, { user: 'anna', rights: ['everything'] }))).toContain(
    '"everything" is not a right',
  );
  expect(await refusal(service.create(boss, { user: 'anna', expiresAt: new Date(0) }))).toContain(
    'in the past',
  );
  expect(await refusal(service.setUser(boss, 'a b', 'viewer'))).toContain('not a name for a user');
  expect(await refusal(service.setUser(boss, 'eve', 'king'))).toContain(
    'there are admin, operator',
  );
  expect(await refusal(service.setRole(boss, 'admin', []))).toContain('built-in role');
  expect(await refusal(service.disableUser(boss, 'operator'))).toContain('disable yourself');
  expect(await refusal(service.revoke(boss, 'x'))).toContain('There is no key x');
});

test('every change is on the record, without the key', async () => {
  const rows = await database.source.query(
    `SELECT action, data::text FROM audit_events WHERE action LIKE 'key.%'`,
  );
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.every(({ data }: { data: string }) => !data.includes('mc_local_'))).toBe(true);
});
