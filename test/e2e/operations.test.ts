import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Instance, until } from '../support/instance.js';

const HEAD = (name: string) => `name: ${name}
version: 1.0.0
description: d
permissions: ['write:filesystem:ledger/**']
`;

const PROJECT = {
  '.ai/directives/tour.yaml': `${HEAD('tour')}steps:
  - { name: one, script: note, inputs: { name: one } }
  - { name: go, wait: { signal: go } }
  - { name: two, script: note, inputs: { name: two }, trace: step }
  - name: each
    foreach: '{{ range(0, 4) }}'
    concurrency: 2
    steps: [{ name: item, script: note, inputs: { name: 'item{{ item }}', seconds: 0.7 }, trace: step }]
  - { name: last, script: note, inputs: { name: last, needs: ok } }
`,
  '.ai/directives/stubborn.yaml': `${HEAD('stubborn')}steps:
  - { name: first, script: note, inputs: { name: first }, compensate: { name: undo, script: beat, timeout_seconds: 600 } }
  - { name: long, script: beat, timeout_seconds: 600 }
`,
  '.ai/directives/waiting.yaml': `${HEAD('waiting')}steps: [{ wait: { signal: never } }]\n`,
  '.ai/scripts/note.js': `import { appendFileSync, existsSync } from 'node:fs';
export default async ({ inputs, context }) => {
  appendFileSync(context.project_path + '/ledger/notes', inputs.name + '\\n');
  await new Promise((resolve) => setTimeout(resolve, 1000 * (inputs.seconds ?? 0)));
  if (inputs.needs && !existsSync(context.project_path + '/ledger/' + inputs.needs)) throw new Error('not yet');
  return { name: inputs.name };
};
`,
  '.ai/scripts/beat.js': `import { appendFileSync } from 'node:fs';
export default async ({ context }) => {
  for (;;) {
    appendFileSync(context.project_path + '/ledger/beats', context.step_path + '\\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
`,
  'ledger/notes': '',
  'ledger/beats': '',
};

let instance: Instance;

beforeAll(async () => {
  instance = await (await Instance.create(PROJECT)).up();
}, 120_000);
afterAll(() => instance.remove());

const ledger = (file: string) =>
  readFileSync(join(instance.project, 'ledger', file), 'utf8')
    .split('\n')
    .filter(Boolean);
const count = (name: string) => ledger('notes').filter((line) => line === name).length;
const mission = async (...argv: string[]) => {
  const said = await instance.mission(...argv, '--json');
  return { exit: said.exit, told: said.out ? JSON.parse(said.out) : said.err };
};

test('a re-run from an iteration survives its worker, and repeats nothing that was reused', async () => {
  const id = await instance.start('tour');
  expect(await mission('executions', 'signal', id, 'go')).toMatchObject({ exit: 0 });
  expect(await instance.ended(id)).toMatchObject({ status: 'error', error: { step: 'last' } });
  instance.write('ledger/ok', '');
  const { told } = await mission(
    'executions',
    'rerun',
    id,
    '--from',
    'each',
    '--iteration',
    '2',
    '--no-wait',
  );
  const fresh = told.execution_id as string;
  const seen: string[] = [];
  const feed = instance.subscribe(
    'subscription ($id: ID!) { executionUpdated(id: $id) { status rerunOf rerunFrom } }',
    { id: fresh },
  );
  const followed = (async () => {
    for await (const { data } of feed) {
      seen.push(data.executionUpdated.status);
      expect(data.executionUpdated).toMatchObject({
        rerunOf: id,
        rerunFrom: { step: 'each/item', iteration: '2' },
      });
      if (data.executionUpdated.status === 'SUCCESS') return;
    }
  })();
  await until('it is in the middle', () => count('item2') > 1);
  await instance.kill('worker');
  expect(await instance.ended(fresh)).toMatchObject({ status: 'success', triggered_by: 'rerun' });
  await followed;
  expect(seen.at(-1)).toBe('SUCCESS');
  for (const name of ['one', 'two', 'item0', 'item1'])
    expect([name, count(name)]).toEqual([name, 1]);
  for (const name of ['item2', 'item3']) expect(count(name)).toBeGreaterThan(1);
  expect(count('last')).toBe(2);
  const { execution } = await instance.graphql(
    'query ($id: ID!) { execution(id: $id) { steps { path iteration reusedFrom } } }',
    { id: fresh },
  );
  const reused = execution.steps.filter(({ reusedFrom }: any) => reusedFrom === id);
  expect(reused.map(({ path, iteration }: any) => `${path} ${iteration}`).sort()).toEqual(
    ['each/item 0', 'each/item 1', 'go null', 'one null', 'two null'].sort(),
  );
  // The recorded run, once more and without effects.
  const before = ledger('notes').length;
  const shadow = await mission('executions', 'shadow', id);
  expect(shadow).toMatchObject({
    exit: 0,
    told: { status: 'error', shadow: { total: 0, compared: 9 } },
  });
  expect(ledger('notes')).toHaveLength(before);
}, 90_000);

test('a run whose ending hangs is ended hard in time, although its worker is killed meanwhile', async () => {
  const id = await instance.start('stubborn');
  await until('it works', () => ledger('beats').includes('long'));
  const { told } = await mission('executions', 'cancel', id, '--grace', '3', '--reason', 'wrong');
  expect(Date.parse(told.cancelDueAt) - Date.now()).toBeLessThan(3_000);
  await instance.kill('worker');
  const row = await instance.ended(id);
  expect(row).toMatchObject({
    status: 'cancelled',
    ended_hard: true,
    cancel_reason: 'wrong',
    error: { code: 'cancelled', data: { hard: true } },
  });
  const still = await until('its scripts are gone', async () => {
    const beats = ledger('beats').length;
    await sleep(400);
    return ledger('beats').length === beats;
  });
  expect(still).toBe(true);
  const open = await instance.query(
    `SELECT path FROM execution_steps WHERE run_id = $1 AND status IN ('running', 'waiting')`,
    [id],
  );
  expect(open).toEqual([]);
}, 90_000);

test('many runs are paused, resumed and cancelled by a filter', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => instance.start('waiting')));
  const statuses = async (status: string) =>
    until(`all are ${status}`, async () => {
      const rows = await instance.query(
        'SELECT status FROM directive_executions WHERE id = ANY($1)',
        [ids],
      );
      return rows.every((row) => row.status === status);
    });
  await statuses('running');
  const many = (verb: string, ...more: string[]) =>
    mission('executions', verb, '--directive', 'waiting', ...more);
  expect(await many('pause')).toMatchObject({
    exit: 2,
    told: { error: { code: 'not_confirmed' } },
  });
  await statuses('running');
  expect(await many('pause', '--yes')).toMatchObject({ exit: 0, told: { matched: 3, failed: [] } });
  await statuses('paused');
  expect(await many('resume', '--yes')).toMatchObject({ exit: 0 });
  await statuses('running');
  expect(await many('cancel', '--yes')).toMatchObject({ exit: 0, told: { matched: 3 } });
  await statuses('cancelled');
}, 60_000);
