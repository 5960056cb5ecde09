import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isAlive } from '../../src/platform/files/processes.js';
import { Instance, ROOT, until } from '../support/instance.js';
import { Journeys, PROJECT } from './journey.js';

let instance: Instance;

beforeAll(async () => {
  instance = await Instance.create(PROJECT);
  cpSync(join(ROOT, 'examples/invoices'), instance.project, { recursive: true });
  const configuration = readFileSync(join(instance.project, 'mission.yaml'), 'utf8');
  instance.write(
    'mission.yaml',
    configuration.replace('../../node_modules', join(ROOT, 'node_modules')),
  );
  await instance.up();
}, 120_000);
afterAll(() => instance.remove());

it('the example of the README reports a month, and says what is wrong', async () => {
  const done = await instance.mission('run', 'monthly_report', '--json');
  const { status, result, execution_id: id } = JSON.parse(done.out);
  expect(done.exit).toBe(0);
  expect({ status, result }).toMatchObject({
    status: 'success',
    result: { report: 'reports/2026-01.md' },
  });
  expect(readFileSync(join(instance.project, 'reports/2026-01.md'), 'utf8')).toContain(
    'need a look',
  );
  const shown = await instance.mission('executions', 'show', id);
  expect(shown.out).toMatch(/sum_export \[2\] +script +success/);

  const missing = await instance.mission('run', 'monthly_report', '--input', 'month=1999-12');
  expect(missing).toMatchObject({ exit: 1, err: expect.stringContaining('no_exports') });
  const wrong = await instance.mission('run', 'monthly_report', '--input', 'review_over=much');
  expect(wrong).toMatchObject({ exit: 2, err: expect.stringContaining('review_over') });
}, 60_000);

it('a stop in the middle of work leaves no process; the next start finishes the work, and is quick', async () => {
  const journeys = new Journeys(instance);
  await journeys.begin({ step: 'second', when: 'after', gate: 'gate' });
  const alone = await journeys.begin({ step: 'alone', when: 'before', gate: 'gate' });
  const streaming = await journeys.begin(undefined, { items: 150 });
  await until('the stream flows', () => journeys.ledger.calls(streaming).length > 20);
  await journeys.beforeCrash();
  const tree = instance.find('');
  const stopped = instance.stop();
  await until('it stops', () => instance.output.includes('Stopping'));
  instance.write('gate', '');
  expect(await stopped).toBe(0);
  expect(tree.filter(isAlive)).toEqual([]);
  expect(instance.processes).toEqual([]);
  expect(journeys.ledger.calls(alone)).not.toContain(`${alone}:last:`);

  await instance.up();
  const [, seconds] = instance.output.match(/(?:.*ready after ([\d.]+) s)/s)!;
  expect(Number(seconds)).toBeLessThan(20);
  await journeys.expectWhole();
}, 120_000);
