import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RunStatistics } from '../../../src/system/services/run-statistics.js';
import { anomaliesOf } from '../../../src/system/analysis/anomalies.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
let statistics: RunStatistics;
beforeAll(async () => {
  database = await openTestDatabase();
  statistics = new RunStatistics(database.source);
}, 120_000);
afterAll(() => database?.close());

/** Runs that ended some minutes ago. */
async function ended(directive: string, minutesAgo: number, ms: number, status = 'success') {
  await database.source.query(
    `INSERT INTO directive_executions (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, status,
       created_at, started_at, completed_at, duration_ms, root_id, error, spent)
     VALUES ($1, $2, '1.0.0', 'h', 'manual', 'anna', '{}', $3, now() - $4 * interval '1 minute', now() - $4 * interval '1 minute',
       now() - $4 * interval '1 minute', $5, $1, $6, '{"cost_usd": 0.01, "tokens": 10}')`,
    [
      randomUUID(),
      directive,
      status,
      minutesAgo,
      ms,
      status === 'error' ? '{"code": "timeout", "message": "took too long"}' : null,
    ],
  );
}

test('what is recent stands beside what is usual, span by span', async () => {
  for (let span = 1; span <= 30; span += 1) await ended('steady', span * 10 + 5, 2_000 + span);
  await ended('steady', 1, 30_000);
  await ended('steady', 2, 1, 'error');
  const [steady] = (await statistics.recent(10)).filter(({ directive }) => directive === 'steady');
  expect(steady).toMatchObject({
    durations: { now: [30_000] },
    ends: { now: { runs: 2, errors: 1 }, before: { runs: 30, errors: 0 } },
    volume: { now: 2 },
  });
  expect(steady!.volume.before).toEqual(Array(30).fill(1));
  expect(anomaliesOf(steady!).map(({ kind }) => kind)).toEqual(['anomaly_duration']);
});

test('a summary has the figures of a period, and its failures', async () => {
  const [now] = (await statistics.summary(1)).filter(({ directive }) => directive === 'steady');
  expect(now).toMatchObject({ runs: 7, errors: 1, cancelled: 0, tokens: 70 });
  expect(now!.cost_usd).toBeCloseTo(0.07);
  expect(await statistics.failures(1)).toMatchObject([
    { directive: 'steady', code: 'timeout', message: 'took too long', count: 1 },
  ]);
  expect(await statistics.summary(48, 24)).toEqual([]);
});
