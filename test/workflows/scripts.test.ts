import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Tools } from '../../src/activities/steps/step-runner.js';
import type { Plan } from '../../src/contracts/plan.js';
import type { ScriptCall } from '../../src/contracts/script.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { ArtifactReader } from '../../src/observation/readers/artifact.reader.js';
import { ArtifactStore } from '../../src/runs/values/artifact-store.js';
import { startTestEngine, type TestEngine, type TestWorker } from '../support/engine.js';
import { until } from '../support/instance.js';
import { ScriptsProject } from '../support/scripts-project.js';

const SCRIPTS: Record<string, string> = {
  'note.js': `import { appendFileSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
export default ({ inputs: { file, text, fail, link, remove }, context }) => {
  const at = (name) => context.artifacts_dir + '/' + name;
  if (file) appendFileSync(at(file), text);
  if (link) symlinkSync(link, at('link'));
  if (remove) unlinkSync(at(remove));
  if (fail) throw new Error('too bad');
  return {};
};`,
  'fill.py': `import os
def execute(context, params):
    for n in range(params["files"]):
        with open(os.path.join(context.artifacts_dir, f"{n}.bin"), "wb") as file: file.write(os.urandom(params["bytes"]))`,
  'seen.js': `import { readdirSync, readFileSync, statSync } from 'node:fs';
export default ({ context: { artifacts_dir: at } }) => {
  const names = readdirSync(at);
  const texts = Object.fromEntries(names.map((name) => [name, readFileSync(at + '/' + name, 'utf8')]));
  return { texts, inodes: names.map((name) => { const { ino, ctimeMs } = statSync(at + '/' + name); return [ino, ctimeMs] }) };
};`,
  'swap.js': `import { renameSync, symlinkSync } from 'node:fs';
export default ({ context: { artifacts_dir: at } }) => {
  renameSync(at, at + '-moved');
  symlinkSync('/etc', at);
};`,
  'slow.js': `export default async ({ context }) => {
  for (let n = 0; n < 5; n += 1) { context.progress(n, 5, 'part ' + n); await new Promise((r) => setTimeout(r, 200)); }
  return {};
};`,
};

const KINDS = [
  ['fused', ''],
  ['own', ', timeout_seconds: 30'],
];

let project: ScriptsProject;
let engine: TestEngine;
beforeAll(async () => {
  project = new ScriptsProject();
  for (const [name, source] of Object.entries(SCRIPTS)) {
    project.write(`.ai/scripts/${name}`, source);
  }
  engine = await startTestEngine(await project.tools());
}, 120_000);
afterAll(async () => {
  await engine.stop();
  await project.close();
});

const planOf = (steps: string): Promise<Plan> =>
  project.plan(`name: files\nversion: 1.0.0\ndescription: d\npermissions: []\nsteps:\n${steps}`);

const note = (inputs: string, more = '') => `  - { script: note, inputs: { ${inputs} }${more} }\n`;

/** The files of a run, and what is in them. */
async function filesOf(id: string): Promise<Record<string, string>> {
  const reader = new ArtifactReader(engine.dataSource);
  const [rows] = await reader.ofRuns([id]);
  const texts = rows!.map(async (row) => {
    const pieces: Buffer[] = [];
    for await (const piece of reader.content(row)) pieces.push(piece);
    return [row.path, Buffer.concat(pieces).toString()];
  });
  return Object.fromEntries(await Promise.all(texts));
}

test('files go from step to step; what fails, and what is no file, is left out', async () => {
  const plan = await planOf(
    [
      note(`file: a.txt, text: one`),
      note(`file: a.txt, text: -bad, fail: true`, ', on_error: continue'),
      note(`file: a.txt, text: -two`, ', timeout_seconds: 30'),
      note(`file: b.txt, text: b, link: /etc/passwd`),
      note(`file: a.txt, text: -three, remove: b.txt`, ', isolation: process'),
    ].join(''),
  );
  const run = await engine.run(plan);
  expect(run).toMatchObject({ status: 'success' });
  expect(await filesOf(run.id)).toEqual({ 'a.txt': 'one-two-three' });
  const logs = await engine.dataSource.query(
    `SELECT message FROM log_entries WHERE run_id = $1 AND level = 'warn'`,
    [run.id],
  );
  expect(logs).toContainEqual({
    message: expect.stringMatching(/only regular files .* not stored: link/),
  });
});

test('a warm process keeps the files of a run that nobody has changed, and of no other run', async () => {
  const step = (name: string, inputs = '{}') =>
    `  - { name: ${name}, script: seen, inputs: ${inputs} }\n`;
  const plan = await planOf(
    note('file: a.txt, text: one') +
      step('first') +
      step('second') +
      note('file: a.txt, text: -two') +
      step('third') +
      `  - return: ['{{ steps.first }}', '{{ steps.second }}', '{{ steps.third }}']\n`,
  );
  const [first, second, third] = (await engine.run(plan)).result as any[];
  expect(first.texts).toEqual({ 'a.txt': 'one' });
  expect(second).toEqual(first);
  expect(third.texts).toEqual({ 'a.txt': 'one-two' });
  expect(third.inodes).not.toEqual(first.inodes);
  const other = await engine.run(await planOf(step('other')));
  expect(other.result).toEqual({ texts: {}, inodes: [] });
});

test('own steps ask for files only where there may be some', async () => {
  const asked = jest.spyOn(ArtifactStore.prototype, 'list');
  const own = (name: string) =>
    `  - { name: ${name}, script: seen, inputs: {}, timeout_seconds: 30 }\n`;
  await engine.run(await planOf(own('a') + own('b')));
  expect(asked).not.toHaveBeenCalled();
  const failing = note('file: b.txt, text: b, fail: true', ', on_error: continue');
  const plan = await planOf(
    own('a') +
      note('file: a.txt, text: one', ', timeout_seconds: 30') +
      own('b') +
      failing +
      own('c') +
      `  - return: ['{{ steps.a.texts }}', '{{ steps.b.texts }}', '{{ steps.c.texts }}']\n`,
  );
  const { result } = await engine.run(plan);
  expect(result).toEqual([{}, { 'a.txt': 'one' }, { 'a.txt': 'one' }]);
  asked.mockRestore();
});

test('a script that puts a link in the place of its directory fails, and nothing is read', async () => {
  const plan = await planOf(`  - { script: swap }\n`);
  const run = await engine.run(plan);
  expect(run.error).toMatchObject({ code: 'output_invalid' });
  expect(await filesOf(run.id)).toEqual({});
});

test('steps at the same time add up, in fused and in own steps', async () => {
  const writes = `      - { script: note, inputs: { file: '{{ "f" + string(item) }}', text: '{{ string(item) }}' }`;
  const plan = await planOf(
    `  - foreach: '{{ range(6) }}'\n    concurrency: 6\n    steps:\n${writes} }\n` +
      `  - foreach: '{{ range(6, 9) }}'\n    concurrency: 3\n    steps:\n${writes}, timeout_seconds: 30 }\n` +
      note(`file: f0, text: '!'`),
  );
  const run = await engine.run(plan);
  expect(run).toMatchObject({ status: 'success' });
  expect(await filesOf(run.id)).toEqual({
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`f${n}`, `${n}`])),
    f0: '0!',
  });
});

test('a run may not keep more than so much; contents are kept once and forgotten with the last run', async () => {
  const tooMany = await engine.run(
    await planOf(`  - { script: fill, inputs: { files: 1001, bytes: 1 } }\n`),
  );
  expect(tooMany.error).toMatchObject({ code: 'output_invalid' });
  expect(await filesOf(tooMany.id)).toEqual({});
  const plan = await planOf(note(`file: same.txt, text: the same`));
  const [first, second] = [await engine.run(plan), await engine.run(plan)];
  const contents = () =>
    engine.dataSource.query(
      `SELECT c.hash FROM artifact_contents c JOIN artifacts a USING (hash) WHERE a.path = 'same.txt' GROUP BY 1`,
    );
  expect(await contents()).toHaveLength(1);
  const age = (id: string) =>
    engine.dataSource.query(
      `UPDATE directive_executions SET completed_at = now() - interval '40 days' WHERE id = $1`,
      [id],
    );
  const store = new ArtifactStore(engine.dataSource);
  await age(first.id);
  await store.forget(30);
  expect(await filesOf(first.id)).toEqual({});
  expect(await filesOf(second.id)).toEqual({ 'same.txt': 'the same' });
  await age(second.id);
  await engine.dataSource.query(
    `UPDATE artifact_contents SET used_at = now() - interval '2 hours'`,
  );
  await store.forget(30);
  const [{ left }] = await engine.dataSource.query(
    `SELECT count(*)::int AS left FROM artifact_chunks c WHERE NOT EXISTS (SELECT 1 FROM artifacts a WHERE a.hash = c.hash)`,
  );
  expect(left).toBe(0);
});

test.each(KINDS)('how far a step is, is shown while it is at work: %s', async (kind, more) => {
  const id = await engine.accept(await planOf(`  - { name: slow, script: slow${more} }\n`));
  const row = async () =>
    (
      await engine.dataSource.query(
        `SELECT status, fused, progress FROM execution_steps WHERE run_id = $1 AND path = 'slow'`,
        [id],
      )
    )[0];
  const shown = await until('it is shown', async () => {
    const each = await row();
    return each?.status === 'running' && each.progress?.done > 0 ? each : undefined;
  });
  expect(shown).toMatchObject({
    fused: kind === 'fused',
    progress: { total: 5, message: expect.stringMatching(/^part \d/), at: expect.any(String) },
  });
  expect(await engine.ended(id)).toMatchObject({ status: 'success' });
  expect(await row()).toMatchObject({ status: 'success', progress: { done: 4, total: 5 } });
});

describe('two workers', () => {
  /** Which of them ran which step. */
  let took: string[];
  let before: (call: ScriptCall) => Promise<void>;
  let a: TestWorker;
  let b: TestWorker;

  /** One that has a single own step at a time. */
  async function add(name: string): Promise<TestWorker> {
    const { projectScripts, ...tools } = await project.tools();
    const run: Tools['projectScripts']['run'] = async (script, call) => {
      took.push(`${name} ${call.context.step_path}`);
      await before(call);
      return projectScripts.run(script, call);
    };
    const options = { maxConcurrentActivityTaskExecutions: 1 };
    return engine.addWorker({ ...tools, projectScripts: { run } }, options);
  }

  beforeAll(async () => {
    await engine.worker.stop();
    [a, b] = [await add('a'), await add('b')];
  });
  beforeEach(async () => {
    took = [];
    before = async () => {};
    await a.stop();
    await b.stop();
  });

  async function isAt(id: string, wait: string): Promise<boolean> {
    const sql = `SELECT 1 FROM execution_steps WHERE run_id = $1 AND path = $2 AND status = 'waiting'`;
    return (await engine.dataSource.query(sql, [id, wait])).length > 0;
  }

  test.each(KINDS)('see what the other has left when they take turns: %s', async (_, more) => {
    const turn = (n: number, inputs: string) =>
      `  - { name: saw_${n}, script: seen${more} }\n` +
      `  - { name: wrote_${n}, script: note, inputs: { ${inputs} }${more} }\n` +
      `  - { name: kept_${n}, script: seen${more} }\n` +
      `  - { name: after_${n}, wait: { signal: go } }\n`;
    const plan = await planOf(
      turn(0, 'file: a.txt, text: one') +
        turn(1, 'file: a.txt, text: -two') +
        turn(2, 'file: b.txt, text: b') +
        turn(3, 'file: a.txt, text: -three, remove: b.txt') +
        `  - return: ['{{ steps.saw_0.texts }}', '{{ steps.saw_1.texts }}', '{{ steps.saw_2.texts }}', '{{ steps.saw_3.texts }}']\n`,
    );
    const id = await engine.accept(plan);
    for (const [n, worker] of [a, b, a, b].entries()) {
      await worker.start();
      await until('it has had its turn', () => isAt(id, `after_${n}`), 10_000);
      await worker.stop();
      await new RunControl(engine.dataSource).signal(id, 'go', null, 'tester');
    }
    await a.start();
    expect(await engine.ended(id)).toMatchObject({
      status: 'success',
      result: [
        {},
        { 'a.txt': 'one' },
        { 'a.txt': 'one-two' },
        { 'a.txt': 'one-two', 'b.txt': 'b' },
      ],
    });
    expect(await filesOf(id)).toEqual({ 'a.txt': 'one-two-three' });
    const turns = ['a', 'b', 'a', 'b'].flatMap((name, n) =>
      ['saw', 'wrote', 'kept'].map((step) => `${name} ${step}_${n}`),
    );
    expect(took).toEqual(turns);
  });

  test('keep everybody’s files of a loop that they share', async () => {
    await Promise.all([a.start(), b.start()]);
    let first: (() => void) | undefined;
    // They go on in pairs: as each has one step at a time, one of each worker.
    before = ({ context }) =>
      new Promise((goOn) => {
        if (context.iteration === '') return goOn();
        if (!first) return void (first = goOn);
        first();
        first = undefined;
        goOn();
      });
    const plan = await planOf(
      note('file: f0, text: old') +
        `  - foreach: '{{ range(6) }}'
    name: shared
    concurrency: 6
    steps:
      - { name: each, script: note, inputs: { file: '{{ "f" + string(item) }}', text: '{{ string(item) }}' }, timeout_seconds: 30 }
  - { name: all, script: seen }
  - return: '{{ steps.all.texts }}'\n`,
    );
    const run = await engine.run(plan);
    const files = { f0: 'old0', f1: '1', f2: '2', f3: '3', f4: '4', f5: '5' };
    expect(run).toMatchObject({ status: 'success', result: files });
    expect(await filesOf(run.id)).toEqual(files);
    for (const name of ['a', 'b']) {
      expect(took.filter((step) => step === `${name} shared/each`)).toHaveLength(3);
    }
  });
});
