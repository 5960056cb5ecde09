import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { KeyStore } from '../../src/access/key-store.js';
import { CHANNELS } from '../../src/contracts/engine.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import type { Json } from '../../src/contracts/json/json.js';
import { ApprovalService } from '../../src/kernel/approval-service.js';
import type { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import type { ApprovalRow } from '../../src/platform/database/entities/runs/approval.row.js';
import { RerunService } from '../../src/replays/rerun-service.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { Plans } from '../../src/runs/values/plans.js';
import { startTestEngine, type TestEngine } from '../support/engine.js';
import { until } from '../support/instance.js';

let engine: TestEngine;
let service: ApprovalService;
let rerunner: RerunService;
let paid: Json[] = [];

beforeAll(async () => {
  engine = await startTestEngine({
    projectScripts: {
      async run(_script, { inputs }) {
        paid.push(inputs);
        return { paid: true };
      },
    },
  });
  const { dataSource } = engine;
  const shelf = {} as DirectiveRegistry;
  const executor = new Executor(dataSource, shelf);
  const [plans, blobs] = [new Plans(dataSource), new Blobs(dataSource)];
  rerunner = new RerunService(dataSource, executor, shelf, plans, blobs);
  const keys: Pick<KeyStore, 'holders'> = { holders: async () => [] };
  service = new ApprovalService(dataSource, keys);
}, 120_000);
afterAll(() => engine.stop());
beforeEach(() => void (paid = []));

const CATALOG = {
  scripts: new Map(),
  projectScripts: new Map([
    ['pay', { name: 'pay', language: 'js' as const, file: '/nowhere/pay.js' }],
  ]),
  mcpServers: new Set<string>(),
  ceilings: DEFAULT_CEILINGS,
};

const { plan: PLAN } = compileDirective(
  `name: pays
version: 1.0.0
description: d
permissions: []
inputs: { to: { type: string }, amount: { type: integer } }
steps:
  - { name: total, set: { gross: '{{ inputs.amount + 1 }}' } }
  - { name: ask, description: Pay?, approve: { self_approval: true } }
  - { name: pay, script: pay, inputs: { to: '{{ inputs.to }}', amount: '{{ gross }}' } }
`,
  CATALOG,
);

const INPUTS = { to: 'ann', amount: 5 };
const questionOf = (runId: string) =>
  until('the run asks', async () => {
    const rows = await engine.dataSource.query<ApprovalRow[]>(
      `SELECT * FROM approvals WHERE run_id = $1 AND status = 'pending'`,
      [runId],
    );
    return rows[0];
  });
const decide = (id: string, hash: string | null) =>
  service.resolve({ id, decision: 'approved', actor: 'ann', role: 'operator', hash });

/** A run that waits for its approval. */
async function asked(inputs = INPUTS) {
  const id = await engine.accept(PLAN!, inputs);
  return { id, question: await questionOf(id) };
}

test('what was shown is what runs', async () => {
  const { id, question } = await asked();
  expect(question.shows).toEqual([
    { step: 'pay', script: 'pay', inputs: { to: 'ann', amount: 6 } },
  ]);
  expect(question.hash).toMatch(/^[0-9a-f]{64}$/);
  await decide(question.id, question.hash);
  expect(await engine.ended(id)).toMatchObject({ status: 'success' });
  expect(paid).toEqual([{ to: 'ann', amount: 6 }]);
});

test('a re-run with other inputs asks again, and the old hash decides nothing there', async () => {
  const { id, question } = await asked();
  await decide(question.id, question.hash);
  await engine.ended(id);
  const inputs = { to: 'mallory' };
  const refused = rerunner.rerun(id, { actor: 'ann', fromStep: 'pay', inputs });
  await expect(refused).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('ask (to). Re-run from ask'),
  });
  paid = [];
  const again = await rerunner.rerun(id, { actor: 'ann', fromStep: 'ask', inputs });
  const fresh = await questionOf(again.id);
  expect(fresh.shows).toMatchObject([{ inputs: { to: 'mallory', amount: 6 } }]);
  await expect(decide(fresh.id, question.hash)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`mission approvals show ${fresh.id}`),
  });
  expect(paid).toEqual([]);
  await decide(fresh.id, fresh.hash);
  expect(await engine.ended(again.id)).toMatchObject({ status: 'success' });
  expect(paid).toEqual([{ to: 'mallory', amount: 6 }]);
});

test('a re-run with the same inputs takes the decision over', async () => {
  const { id, question } = await asked();
  await decide(question.id, question.hash);
  await engine.ended(id);
  const again = await rerunner.rerun(id, { actor: 'ann', fromStep: 'pay' });
  expect(await engine.ended(again.id)).toMatchObject({ status: 'success' });
});

test('a decision that was made on something else does not let the run go on', async () => {
  const { id, question } = await asked();
  const old = { status: 'approved', by: 'bob', comment: null, form: {}, hash: 'f'.repeat(64) };
  await engine.dataSource.query(
    `WITH sent AS (INSERT INTO run_messages (run_id, kind, name, payload, actor) VALUES ($1, 'decision', 'ask#', $2, 'bob')),
      box AS (INSERT INTO outbox (kind, run_id) VALUES ('messages', $1)) SELECT pg_notify('${CHANNELS.outbox}', '')`,
    [id, JSON.stringify(old)],
  );
  const delivered = `SELECT 1 FROM run_messages WHERE run_id = $1 AND delivered_at IS NOT NULL`;
  await until(
    'the message came',
    async () => (await engine.dataSource.query(delivered, [id])).length === 1,
  );
  await decide(question.id, question.hash);
  expect(await engine.ended(id)).toMatchObject({ status: 'success' });
  const row = `SELECT result FROM execution_steps WHERE run_id = $1 AND path = 'ask'`;
  expect(await engine.dataSource.query(row, [id])).toMatchObject([{ result: { by: 'ann' } }]);
});
