import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { KeyStore } from '../../src/access/key-store.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import type { ScriptCall } from '../../src/contracts/script.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { Library } from '../../src/platform/library/library.js';
import { ApprovalService } from '../../src/kernel/approval-service.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { Plans } from '../../src/runs/values/plans.js';
import { RerunService } from '../../src/replays/rerun-service.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { ShadowService } from '../../src/replays/shadow-service.js';
import { startTestEngine, type TestEngine, workflowOf } from '../support/engine.js';
import { until } from '../support/instance.js';
import { type Asked, modelAt, ModelServer, type Said } from '../support/model-server.js';
import { modelTurns } from '../support/model-turns.js';
import { TEST_DIRECTORY } from '../support/once.js';
import { HISTORIES, keepHistory, KINDS, planOf, SCRIPTS } from './recording.js';

// Records a history for every kind of run that has none yet:
//   jest --testMatch '**/test/replay/record.ts'
// A history stays as it was recorded: it stands for the runs that are under way when a build is replaced.

const MISSING = KINDS.filter((kind) => !HISTORIES.includes(kind));
const ENDS: Record<string, string> = {
  undone: 'error',
  'cancelled-light': 'cancelled',
  'cancelled-own': 'cancelled',
  'cancelled-undone': 'cancelled',
  failing: 'error',
  'limit-exceeded': 'error',
  hooks: 'error',
};

/** What the child runs among the kinds run. */
const CHILD = `name: child
version: 1.0.0
description: d
inputs: { n: { type: integer }, seconds: { type: number, default: 0 } }
permissions: []
steps:
  - { name: pause, wait: { duration_seconds: "{{ inputs.seconds }}" } }
  - { name: odd, if: "{{ inputs.n < 0 }}", fail: negative }
  - set: { n: "{{ inputs.n }}" }
`;

function childLibrary(): Library {
  const project = join(TEST_DIRECTORY, 'replayed');
  mkdirSync(join(project, '.ai/directives'), { recursive: true });
  writeFileSync(join(project, '.ai/directives/child.yaml'), CHILD);
  return new Library({ project, userHome: project, mcpServers: [], ceilings: DEFAULT_CEILINGS });
}

/** What is told to a run of a kind while it is under way. */
const TOLD: Record<string, (engine: TestEngine, id: string) => Promise<void>> = {
  async told({ dataSource }, id) {
    const control = new RunControl(dataSource);
    const [{ id: question }] = await until('it asks', async () => {
      const rows = await dataSource.query('SELECT id FROM approvals WHERE run_id = $1', [id]);
      return rows.length > 0 && rows;
    });
    await control.pause(id, 'tester');
    await control.signal(id, 'go', { n: 1 }, 'tester');
    await control.resume(id, 'tester');
    const answer = { id: question, comment: null, form: { n: 5 }, actor: 'chief', role: 'chief' };
    await new ApprovalService(dataSource, new KeyStore(dataSource)).resolve({
      ...answer,
      decision: 'approved',
    });
  },
};

/** A model that is busy at first, wants tools, answers what is not right, and then what is. */
function answers({ body }: Asked, index: number): Said {
  const { messages } = body;
  const { content } = messages.find(({ role }: { role: string }) => role === 'user');
  if (content === 'refuse') return { status: 400 };
  if (content.endsWith('long')) return { text: 'x'.repeat(200_000) };
  if (content === 'item 3') return { calls: [{ tool: 'answer', arguments: { value: 3 } }] };
  if (content.startsWith('item'))
    return messages.length > 1
      ? { text: 'fine' }
      : { calls: [{ tool: 'answer', arguments: { value: 'x'.repeat(500) } }] };
  if (index === 0) return { status: 503 };
  if (messages.length === 2) {
    const values = [1, 2, 3].map((value) => ({ tool: 'fail_odd', arguments: { value } }));
    return { text: 'let me see', calls: [...values, { tool: 'nothing', arguments: {} }] };
  }
  return messages.length === 7 ? { text: 'well' } : { text: '{"word": "here"}' };
}

/** An engine whose scripts tell when one of them hangs. */
async function startRecorder() {
  const seen = new Set<string>();
  let hangs = () => {};
  const hanging = new Promise<void>((resolve) => (hangs = resolve));
  const tools = {
    projectScripts: {
      async run(_script: unknown, call: ScriptCall) {
        const { name, inputs, context, signal } = call;
        const { step_path: path, attempt } = context;
        const first = !seen.has(path);
        seen.add(path);
        if (name === 'hang') hangs();
        return (await SCRIPTS[name]!({ inputs, attempt, first, signal })) as JsonObject;
      },
    },
  };
  const model = await ModelServer.start();
  model.says(answers);
  const models = { default: modelAt(model.url) };
  const engine = await startTestEngine(
    (dataSource) => ({ ...tools, turns: modelTurns(dataSource, { models }) }),
    childLibrary(),
  );
  const stop = () => Promise.all([engine.stop(), model.stop()]);
  return { engine, hanging, stop };
}

/** A re-run, or a shadow, is recorded of what repeats the run. */
async function begin(engine: TestEngine, kind: string): Promise<string> {
  const id = await engine.accept(planOf(kind));
  if (kind !== 'rerun' && kind !== 'shadow') return id;
  await engine.ended(id);
  const { dataSource } = engine;
  const shelf = new DirectiveRegistry(childLibrary(), new PlanReader(dataSource));
  const executor = new Executor(dataSource, shelf);
  const [plans, blobs] = [new Plans(dataSource), new Blobs(dataSource)];
  if (kind === 'shadow') {
    const order = { version: 'old', actor: 'tester' };
    return (await new ShadowService(dataSource, executor, plans).shadow(id, order)).id;
  }
  const rerunner = new RerunService(dataSource, executor, shelf, plans, blobs);
  return (await rerunner.rerun(id, { fromStep: 'each', iteration: '3', actor: 'tester' })).id;
}

test.each(MISSING)(
  '%s',
  async (kind) => {
    const { engine, hanging, stop } = await startRecorder();
    try {
      const id = await begin(engine, kind);
      await TOLD[kind]?.(engine, id);
      if (kind.startsWith('cancelled')) await hanging.then(() => engine.cancel(id));
      const { status, error } = await engine.ended(id);
      expect({ status, error }).toMatchObject({ status: ENDS[kind] ?? 'success' });
      const handle = await workflowOf(engine, id);
      await handle.result().catch(() => {});
      keepHistory(kind, await handle.fetchHistory());
    } finally {
      await stop();
    }
  },
  300_000,
);
