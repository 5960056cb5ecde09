import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AutomationSweep } from '../../src/automations/automation-sweep.js';
import {
  anna,
  automation,
  type AutomationProject,
  automationProject,
  endRun,
  lookedLast,
  occurrencesOf,
} from './support.js';

let at: AutomationProject;
const warned: string[] = [];
const NOTHING = { round: () => Promise.resolve(0) };
beforeAll(async () => void (at = await automationProject()), 120_000);
afterAll(() => at?.close());

const sweepOf = (definitions: { round(): Promise<void> } = { round: () => Promise.resolve() }) =>
  new AutomationSweep({
    dataSource: at.dataSource,
    recorder: at.recorder,
    starter: at.starter,
    definitions,
    schedules: NOTHING,
    logger: { warn: (line: object) => void warned.push(JSON.stringify(line)) } as never,
  });

test('what Temporal did not fire is fired by the sweep, and followed to its end', async () => {
  const sweep = sweepOf();
  const { id } = await automation(at);
  await lookedLast(at, id, 60);
  await Promise.all([sweep.round(), sweepOf().round()]);
  const [occurrence, ...others] = await occurrencesOf(at, id);
  expect(others).toEqual([]);
  expect(occurrence!.execution_id).not.toBeNull();
  await endRun(at, occurrence!.execution_id!);
  await sweep.round();
  expect((await occurrencesOf(at, id))[0]).toMatchObject({ outcome: 'success' });
});

test('a failure of one part does not hinder the others', async () => {
  const sweep = sweepOf({ round: () => Promise.reject(new Error('no such folder')) });
  const { id, name } = await automation(at);
  await at.service.run(anna, name);
  await sweep.round();
  expect((await occurrencesOf(at, id))[0]!.execution_id).not.toBeNull();
  expect(warned.join()).toContain('no such folder');
});

test('hours of downtime over fifty schedules: every due time has one occurrence', async () => {
  const rows = [];
  for (let index = 0; index < 50; index += 1)
    rows.push(
      await automation(at, { schedule: `*/${1 + (index % 10)} * * * *`, jitter_seconds: index }),
    );
  for (const { id } of rows) await lookedLast(at, id, 3_600);
  const sweeps = [sweepOf(), sweepOf(), sweepOf()];
  for (let round = 0; round < 2; round += 1)
    await Promise.all(sweeps.map((sweep) => sweep.round()));
  for (const [index, { id }] of rows.entries()) {
    const times = (await occurrencesOf(at, id)).map(({ due_at }) => due_at.getTime());
    const step = (1 + (index % 10)) * 60_000;
    expect(new Set(times).size).toBe(times.length);
    expect(times.length).toBeGreaterThanOrEqual(Math.floor(3_600_000 / step) - 1);
    for (const time of times) expect(new Date(time).getUTCMinutes() % (1 + (index % 10))).toBe(0);
  }
}, 60_000);

test('it starts and stops', async () => {
  const sweep = sweepOf();
  const { id } = await automation(at);
  await lookedLast(at, id, 60);
  sweep.start();
  for (let left = 100; left > 0 && (await occurrencesOf(at, id)).length === 0; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await sweep.stop();
  expect(await occurrencesOf(at, id)).toHaveLength(1);
});
