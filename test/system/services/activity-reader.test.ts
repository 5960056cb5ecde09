import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ActivityReader } from '../../../src/system/services/activity-reader.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';
import { insertMessage, insertThread } from '../../threads/support.js';

let database: TestDatabase;
let reader: ActivityReader;
beforeAll(async () => {
  database = await openTestDatabase();
  reader = new ActivityReader(database.source);
}, 120_000);
afterAll(() => database?.close());

interface RunOptions {
  directive?: string;
  status?: string;
  /** Seconds since it began. */
  age?: number;
  parent?: string;
}

/** A run that began some seconds ago; each step is `[path, status, began seconds ago, duration in ms]`. */
async function run(
  { directive = 'work', status = 'running', age = 0, parent }: RunOptions,
  ...steps: [path: string, status: string, ago: number, ms?: number][]
): Promise<string> {
  const id = randomUUID();
  const ended = !['running', 'pending', 'paused'].includes(status);
  await database.source.query(
    `INSERT INTO directive_executions (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, status,
       created_at, started_at, completed_at, root_id, parent_id)
     VALUES ($1, $2, '1.0.0', 'h', 'manual', 'anna', '{}', $3, now() - $4 * interval '1 second', now() - $4 * interval '1 second',
       CASE WHEN $5 THEN now() END, coalesce($6, $1), $6)`,
    [id, directive, status, age, ended, parent ?? null],
  );
  for (const [path, state, ago, ms] of steps)
    await database.source.query(
      `INSERT INTO execution_steps (run_id, path, name, kind, status, started_at, completed_at, duration_ms)
       VALUES ($1, $2, $2, 'script', $3, now() - $4 * interval '1 second',
         CASE WHEN $5::float8 IS NOT NULL THEN now() - $4 * interval '1 second' + $5 * interval '1 millisecond' END, $5)`,
      [id, path, state, ago, ms ?? null],
    );
  return id;
}

describe('health', () => {
  test('a run that has been silent for longer than its timeout is stalled', async () => {
    const id = await run({ age: 1_000 }, ['a', 'success', 990, 10]);
    expect(await reader.health(id, 300)).toMatchObject({
      status: 'stalled',
      thread_id: id,
      allowed_seconds: 300,
      reason: expect.stringContaining('the timeout of the check'),
    });
    const fresh = await run({ age: 1_000 }, ['a', 'success', 100, 10]);
    expect(await reader.health(fresh, 300)).toMatchObject({ status: 'healthy' });
  });

  test('a step that usually takes long may be silent for long', async () => {
    for (let count = 0; count < 5; count += 1)
      await run({ directive: 'encode', status: 'success', age: 9_000 }, [
        'film',
        'success',
        8_000,
        1_000_000,
      ]);
    const usual = await run({ directive: 'encode', age: 2_000 }, ['film', 'running', 2_000]);
    expect(await reader.health(usual, 300)).toMatchObject({
      status: 'healthy',
      allowed_seconds: 3_000,
    });
    const slow = await run({ directive: 'encode', age: 4_000 }, ['film', 'running', 4_000]);
    const health = await reader.health(slow, 300);
    expect(health).toMatchObject({ status: 'stalled' });
    expect(health.reason).toContain('3 times what 95 of 100 of the last 5 runs of film took');
  });

  test('what waits is not stalled, and a child run is a sign of life', async () => {
    const waits = await run({ age: 9_000 }, ['ask', 'waiting', 8_900]);
    expect(await reader.health(waits, 300)).toMatchObject({
      status: 'healthy',
      reason: 'it waits in ask',
    });
    const paused = await run({ age: 9_000, status: 'paused' });
    expect(await reader.health(paused, 300)).toMatchObject({ reason: 'it is paused' });
    const parent = await run({ age: 9_000 }, ['child', 'running', 8_900]);
    expect(await reader.health(parent, 300)).toMatchObject({ status: 'stalled' });
    await run({ age: 8_900, parent }, ['b', 'success', 5, 10]);
    expect(await reader.health(parent, 300)).toMatchObject({ status: 'healthy' });
  });

  test('a run that has failed has; one that nobody knows is not found', async () => {
    expect(await reader.health(await run({ status: 'error' }), 300)).toMatchObject({
      status: 'failed',
    });
    expect(await reader.health(await run({ status: 'success' }), 300)).toMatchObject({
      status: 'healthy',
    });
    await expect(reader.health('nothing', 300)).rejects.toThrow(
      'There is no run and no conversation nothing.',
    );
  });

  test('a conversation whose message nobody answers is stalled', async () => {
    const id = await insertThread(database.source);
    await insertMessage(database.source, id, { status: 'queued' });
    await database.source.query(
      `UPDATE threads SET updated_at = now() - interval '1 hour' WHERE id = $1`,
      [id],
    );
    await database.source.query(
      `UPDATE thread_messages SET created_at = now() - interval '1 hour' WHERE thread_id = $1`,
      [id],
    );
    expect(await reader.health(id, 300)).toMatchObject({
      status: 'stalled',
      reason: '1 messages wait for 3600 s, and none is being answered',
    });
    const active = await reader.active(100, 'none');
    expect(active.find((each) => each.id === id)).toMatchObject({
      kind: 'conversation',
      directive: 'talk',
    });
  });
});

test('what is active comes with the longest silent first, without who asks', async () => {
  const old = await run({ age: 90_000 });
  const asking = await run({ age: 90_001 });
  const child = await run({ age: 90_002, parent: old });
  const [first] = await reader.active(1, asking);
  expect(first).toMatchObject({ id: old, kind: 'run' });
  const ids = (await reader.active(100, asking)).map(({ id }) => id);
  expect(ids).not.toContain(asking);
  expect(ids).not.toContain(child);
});
