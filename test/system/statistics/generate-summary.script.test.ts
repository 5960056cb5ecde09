import { expect, test } from '@jest/globals';
import type { ScriptCall } from '../../../src/contracts/script.js';
import type { DirectiveSummary } from '../../../src/system/services/run-statistics.js';
import type { SystemServices } from '../../../src/system/services/system-services.js';
import { generateSummary } from '../../../src/system/statistics/generate-summary.script.js';

const row = (directive: string, keys: Partial<DirectiveSummary> = {}): DirectiveSummary => ({
  directive,
  runs: 4,
  errors: 1,
  cancelled: 0,
  p50_ms: 120,
  p95_ms: 15_000,
  cost_usd: 0.5,
  tokens: 10,
  ...keys,
});

const summarise = (now: DirectiveSummary[], before: DirectiveSummary[] = []) => {
  const statistics = {
    summary: (from: number, to = 0) => Promise.resolve(to === 0 && from === 24 ? now : before),
    failures: () =>
      Promise.resolve([
        { directive: 'report', code: 'timeout', message: 'too long', count: 2, example: 'r-1' },
      ]),
  };
  const call = { inputs: { lookback_hours: 24 } } as unknown as ScriptCall;
  return generateSummary(call, { statistics: () => statistics } as unknown as SystemServices);
};

test('the figures stand in a table beside those before, and failures name a run', async () => {
  const { summary, metrics } = await summarise([row('report')], [row('report', { p95_ms: 9_000 })]);
  expect(summary).toContain('4 runs ended (4 in the 24 hours before), 1 of them failed');
  expect(summary).toContain('| report | 4 | 1 | 120 ms | 15.0 s | 9000 ms | 0.50 |');
  expect(summary).toContain('- 2 × report: timeout, too long (such as run r-1)');
  expect(metrics).toMatchObject([
    { directive: 'report', error_rate: 0.25, before: { p95_ms: 9_000 } },
  ]);
});

test('where nothing ran there is no table', async () => {
  const { summary } = await summarise([]);
  expect(summary).toContain('0 runs ended');
  expect(summary).not.toContain('|');
});
