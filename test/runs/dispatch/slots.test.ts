import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../../src/contracts/catalog.js';
import { MissionError } from '../../../src/contracts/errors.js';
import type { JsonObject } from '../../../src/contracts/json/json.js';
import type { ScriptCall } from '../../../src/contracts/script.js';
import { CancelService } from '../../../src/kernel/cancel-service.js';
import { DirectiveRegistry } from '../../../src/kernel/directive-registry.js';
import { Executor } from '../../../src/kernel/execute.js';
import { PlanReader } from '../../../src/observation/readers/plan.reader.js';
import { Library } from '../../../src/platform/library/library.js';
import { decideAll } from '../../../src/runs/dispatch/slots.js';
import { startTestEngine, type TestEngine } from '../../support/engine.js';
import { until } from '../../support/instance.js';

let project: string;
let engine: TestEngine;
let executor: Executor;
/** By name: what a script waits for. */
const gates = new Map<string, () => void>();
const begun: string[] = [];
let atOnce = 0;
let most = 0;

/** Waits until its gate is opened, or its run is cancelled. */
async function work(_script: unknown, { inputs, signal }: ScriptCall): Promise<JsonObject> {
  const name = String(inputs.name);
  begun.push(name);
  most = Math.max(most, ++atOnce);
  await new Promise<void>((resolve, reject) => {
    gates.set(name, resolve);
    signal.addEventListener('abort', () => reject(new MissionError('cancelled', 'cut off')));
  }).finally(() => atOnce--);
  return { name };
}

const open = async (name: string) => (await until(`${name} has begun`, () => gates.get(name)))();

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'mission-slots-'));
  mkdirSync(join(project, '.ai/directives'), { recursive: true });
  mkdirSync(join(project, '.ai/scripts'), { recursive: true });
  writeFileSync(join(project, '.ai/scripts/work.js'), '');
  for (const onFull of ['wait', 'skip', 'cancel_oldest']) {
    writeFileSync(
      join(project, '.ai/directives', `${onFull}.yaml`),
      `name: ${onFull}
version: 1.0.0
description: d
inputs: { name: { type: string }, to: { type: string, default: ${onFull} } }
permissions: []
concurrency: { key: "to {{ inputs.to }}", on_full: ${onFull} }
steps: [{ name: hold, script: work, trace: step, inputs: { name: "{{ inputs.name }}" } }]`,
    );
  }
  const library = new Library({
    project,
    userHome: project,
    mcpServers: [],
    ceilings: DEFAULT_CEILINGS,
  });
  engine = await startTestEngine({ projectScripts: { run: work } }, library);
  const { dataSource } = engine;
  executor = new Executor(dataSource, new DirectiveRegistry(library, new PlanReader(dataSource)));
}, 120_000);
afterAll(async () => {
  await engine.stop();
  rmSync(project, { recursive: true });
});

const start = async (directive: string, inputs: JsonObject): Promise<string> =>
  (await executor.start({ directive, inputs, actor: 'tester', triggeredBy: 'manual' })).id;

test('of a key one run at a time is under way, in the order of their starts; other keys do not wait', async () => {
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c']) ids.push(await start('wait', { name }));
  const elsewhere = await start('wait', { name: 'd', to: 'elsewhere' });
  await open('d');
  expect(await engine.ended(elsewhere)).toMatchObject({ status: 'success' });
  expect(begun.filter((name) => name !== 'd')).toEqual(['a']);
  most = 0;
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    await open(name);
    expect(await engine.ended(ids[index]!)).toMatchObject({ status: 'success', result: { name } });
  }
  expect(begun.filter((name) => name !== 'd')).toEqual(['a', 'b', 'c']);
  expect(most).toBe(1);
});

test('where the place is taken a run is skipped, and says so', async () => {
  const first = await start('skip', { name: 'e' });
  await until('it has begun', () => gates.has('e'));
  const second = await engine.ended(await start('skip', { name: 'f' }));
  expect(second).toMatchObject({ status: 'cancelled', error: { code: 'skipped' } });
  expect(second.error!.message).toContain('"to skip"');
  await open('e');
  expect(await engine.ended(first)).toMatchObject({ status: 'success' });
  const third = await start('skip', { name: 'g' });
  await open('g');
  expect(await engine.ended(third)).toMatchObject({ status: 'success' });
  expect(begun).not.toContain('f');
});

test('the oldest run makes way for the newest', async () => {
  const first = await start('cancel_oldest', { name: 'h' });
  await until('it has begun', () => gates.has('h'));
  const second = await start('cancel_oldest', { name: 'i' });
  expect(await engine.ended(first)).toMatchObject({ status: 'cancelled' });
  await open('i');
  expect(await engine.ended(second)).toMatchObject({ status: 'success', result: { name: 'i' } });
});

test('a run that waits for its place can be cancelled; it never begins', async () => {
  const first = await start('wait', { name: 'j' });
  await until('it has begun', () => gates.has('j'));
  const second = await start('wait', { name: 'k' });
  await new CancelService(engine.dataSource).cancel(second, { actor: 'tester' });
  expect(await engine.ended(second)).toMatchObject({ status: 'cancelled' });
  await open('j');
  expect(await engine.ended(first)).toMatchObject({ status: 'success' });
  expect(begun).not.toContain('k');
});

test('nobody overtakes, whatever limits the runs of a key have', () => {
  const waiting = (id: string, limit: number, on_full: 'wait' | 'skip' = 'wait') => ({
    id,
    key: 'k',
    limit,
    on_full,
    cancelled: false,
  });
  const holders = new Map([['k', ['x', 'y']]]);
  const queue = [waiting('a', 2), waiting('b', 5), waiting('c', 5, 'skip')];
  expect(decideAll(queue, holders)).toMatchObject({ granted: [], over: [['c', {}]] });
  expect(decideAll([waiting('b', 5), waiting('a', 3)], holders).granted).toEqual(['b']);
  expect(decideAll(queue, new Map()).granted).toEqual(['a', 'b', 'c']);
});
