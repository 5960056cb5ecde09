import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anomaliesOf, type DirectiveRuns } from '../../../src/system/analysis/anomalies.js';

const around = (value: number, count: number) =>
  Array.from({ length: count }, (_, at) => value * (0.9 + 0.2 * ((at * 7) % 10) * 0.1));

const runs = (change: Partial<DirectiveRuns> = {}): DirectiveRuns => ({
  directive: 'report',
  durations: { now: around(2_000, 10), before: around(2_000, 100) },
  ends: { now: { runs: 10, errors: 0 }, before: { runs: 100, errors: 2 } },
  volume: { now: 10, before: around(10, 50) },
  spend: { now: 0.2, before: around(0.2, 50) },
  ...change,
});
const kinds = (change: Partial<DirectiveRuns>) => anomaliesOf(runs(change)).map(({ kind }) => kind);

describe('anomalies', () => {
  test('there are none where all is as usual', () => {
    expect(anomaliesOf(runs())).toEqual([]);
  });

  test('slow runs, with the numbers that say so', () => {
    const [anomaly] = anomaliesOf(
      runs({ durations: { now: [9_000, 9_500], before: around(2_000, 100) } }),
    );
    expect(anomaly).toMatchObject({
      kind: 'anomaly_duration',
      directive: 'report',
      observed: 9_250,
      evidence: 100,
    });
    expect(anomaly!.message).toMatch(/take 9250 ms now; \d+ ms is usual \(100 runs\)/);
  });

  test.each([
    ['too little history', { durations: { now: [9_000], before: around(2_000, 19) } }, []],
    ['too quick to matter', { durations: { now: [500], before: around(20, 100) } }, []],
    [
      'twice as slow is not enough',
      { durations: { now: [3_900], before: around(2_000, 100) } },
      [],
    ],
    [
      'many failures',
      { ends: { now: { runs: 10, errors: 7 }, before: { runs: 100, errors: 2 } } },
      ['anomaly_failures'],
    ],
    [
      'two failures',
      { ends: { now: { runs: 10, errors: 2 }, before: { runs: 100, errors: 2 } } },
      [],
    ],
    [
      'failures as always',
      { ends: { now: { runs: 10, errors: 7 }, before: { runs: 100, errors: 70 } } },
      [],
    ],
    ['a flood', { volume: { now: 500, before: around(10, 50) } }, ['anomaly_volume']],
    [
      'a flood after silence',
      { volume: { now: 100, before: Array(50).fill(0) } },
      ['anomaly_volume'],
    ],
    ['a first run after silence', { volume: { now: 5, before: Array(50).fill(0) } }, []],
    ['a cost spike', { spend: { now: 4, before: around(0.2, 50) } }, ['anomaly_spend']],
  ] satisfies [string, Partial<DirectiveRuns>, string[]][])('%s', (_, change, found) => {
    expect(kinds(change)).toEqual(found);
  });

  test('noise around what is usual raises nothing', () => {
    const noise = fc.array(fc.double({ min: 0.7, max: 1.4, noNaN: true }), {
      minLength: 40,
      maxLength: 200,
    });
    fc.assert(
      fc.property(noise, noise, (before, now) => {
        const scaled = (values: number[], by: number) => values.map((value) => value * by);
        const given = runs({
          durations: { now: scaled(now.slice(0, 10), 2_000), before: scaled(before, 2_000) },
          volume: { now: now[0]! * 30, before: scaled(before, 30) },
          spend: { now: now[1]!, before },
        });
        expect(anomaliesOf(given)).toEqual([]);
      }),
    );
  });
});
