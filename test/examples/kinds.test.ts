import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { KeyStore } from '../../src/access/key-store.js';
import type { SecretSource } from '../../src/access/secrets/secret-source.js';
import { Secrets } from '../../src/access/secrets/secrets.js';
import type { Decision } from '../../src/contracts/run/approval.js';
import type { StepError } from '../../src/contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../src/contracts/json/json.js';
import { ApprovalService } from '../../src/kernel/approval-service.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { checkInputs } from '../../src/language/inputs/check-inputs.js';
import type { Tools } from '../../src/activities/steps/step-runner.js';
import { Recorder } from '../../src/observation/record.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { createLogger } from '../../src/platform/logger.js';
import { McpGateway } from '../../src/tools/mcp/mcp-gateway.js';
import { startTestEngine, type TestEngine } from '../support/engine.js';
import { until } from '../support/instance.js';
import { modelAt, ModelServer } from '../support/model-server.js';
import { modelTurns } from '../support/model-turns.js';
import { ScriptsProject } from '../support/scripts-project.js';
import { EVERYTHING, stdio } from '../tools/mcp/gateway-fixture.js';

interface Case {
  run: string;
  inputs?: JsonObject;
  /** Sent at once, before the step that waits for them is reached. */
  signals?: { name: string; payload: Json; refused?: boolean }[];
  /** Of somebody who is in the role of an operator. */
  decision?: { decision: Decision; actor: string; form?: JsonObject };
  result?: Json;
  error?: Partial<StepError>;
  /** What the steps that `undo` said, in that order. */
  calls?: string[];
  /** By the step's name: the status of its row. */
  steps?: Record<string, string>;
}

const EXAMPLES = join(import.meta.dirname, '../../directives/examples');
const CASES = parse(readFileSync(join(import.meta.dirname, 'kinds.yaml'), 'utf8')) as Case[];
const NAMES = readdirSync(EXAMPLES)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => basename(file, '.yaml'));

const SECRETS: Record<string, string> = {
  mirror_password: 'aB3dE6gH9kL2',
  mirror_token: 'tok-5f7a-91c0-kk',
};

let project: ScriptsProject;
let engine: TestEngine;
let gateway: McpGateway;
let model: ModelServer;

/** The model of the example wants three pages, says something, and answers. */
const LOOKS_FIRST = {
  calls: [
    ...[1, 2, 3].map((page) => ({ tool: 'read_page', arguments: { page, of: 3 } })),
    { tool: 'everything__echo', arguments: { message: 'I read' } },
  ],
};

beforeAll(async () => {
  project = new ScriptsProject(['everything'], ['default']);
  model = await ModelServer.start();
  model.says(({ body }) =>
    body.messages.length === 2 ? LOOKS_FIRST : { text: '{"title": "Six rows", "rows": 6}' },
  );
  for (const name of NAMES) {
    cpSync(join(EXAMPLES, `${name}.yaml`), join(project.path, '.ai/directives', `${name}.yaml`));
  }
  cpSync(join(EXAMPLES, 'scripts'), join(project.path, '.ai/scripts'), { recursive: true });
  const redactor = new Redactor();
  const source: SecretSource = {
    kind: 'file',
    read: async (name) => SECRETS[name],
    provide: (name) => `add ${name}`,
    names: async () => Object.keys(SECRETS),
  };
  const secrets = new Secrets({
    sources: [source],
    recorder: { audit: async () => undefined },
    uses: { note: async () => undefined },
    redactor,
  });
  const mcp: Tools['mcp'] = { call: (...args) => gateway.call(...args) };
  const tools = await project.tools();
  const status = (server: string) => gateway.status(server);
  engine = await startTestEngine(
    (dataSource) => ({
      ...tools,
      mcp,
      secrets,
      redactor,
      turns: modelTurns(dataSource, {
        ...tools,
        models: { default: modelAt(model.url) },
        mcp: { status },
      }),
    }),
    project.library,
  );
  gateway = new McpGateway({
    servers: { everything: stdio(EVERYTHING) },
    workerId: 'kinds',
    dataSource: engine.dataSource,
    recorder: new Recorder(engine.dataSource),
    secrets,
    logger: createLogger('test', 'error'),
  });
}, 120_000);
afterAll(async () => {
  await model.stop();
  await gateway.stop();
  await engine.stop();
  await project.close();
});

const shown = ({ run, inputs }: Case) => `${run} ${inputs ? JSON.stringify(inputs) : ''}`.trim();

test.each(CASES.map((each) => [shown(each), each] as const))('%s', async (_, expected) => {
  const file = await project.library.directive(expected.run);
  const plan = await project.plan(file!.text);
  const id = await engine.accept(plan, checkInputs(plan.inputs, expected.inputs ?? {}).inputs);
  for (const { name, payload, refused } of expected.signals ?? []) {
    const sent = new RunControl(engine.dataSource).signal(id, name, payload, 'tester');
    if (refused) await expect(sent).rejects.toMatchObject({ code: 'input_invalid' });
    else await sent;
  }
  if (expected.decision) await decide(id, expected.decision);
  const ended = await engine.ended(id);
  if (expected.error) expect(ended).toMatchObject({ status: 'error', error: expected.error });
  else expect(ended).toMatchObject({ status: 'success', result: expected.result, error: null });
  const rows: { name: string; status: string; result: Json }[] = await engine.dataSource.query(
    'SELECT name, status, result FROM execution_steps WHERE run_id = $1 ORDER BY completed_at, seq',
    [ended.id],
  );
  const said = rows.filter(({ result }) => isObject(result) && typeof result.said === 'string');
  if (expected.calls)
    expect(said.map(({ result }) => (result as JsonObject).said)).toEqual(expected.calls);
  const statuses = Object.fromEntries(rows.map(({ name, status }) => [name, status]));
  expect(statuses).toMatchObject(expected.steps ?? {});
});

async function decide(runId: string, answer: NonNullable<Case['decision']>): Promise<void> {
  const asked = async () => {
    const rows = await engine.dataSource.query('SELECT id FROM approvals WHERE run_id = $1', [
      runId,
    ]);
    return rows[0]?.id as string | undefined;
  };
  const id = await until('somebody is asked', asked);
  await new ApprovalService(engine.dataSource, new KeyStore(engine.dataSource)).resolve({
    id,
    role: 'operator',
    ...answer,
  });
}

test('every example is run', () => {
  expect(NAMES.filter((name) => !CASES.some(({ run }) => run === name))).toEqual([]);
});
