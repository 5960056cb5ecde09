import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import {
  bundleWorkflowCode,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import type { DataSource } from 'typeorm';
import { engineIdOf } from '../../src/contracts/run/engine-id.js';
import { Decisions } from '../../src/access/permissions/decisions.js';
import { PermissionLog } from '../../src/access/permissions/permission-log.js';
import { Children } from '../../src/activities/children.js';
import { AutomationSweep } from '../../src/automations/automation-sweep.js';
import { RunStarter } from '../../src/automations/firing/run-starter.js';
import { createActivities } from '../../src/activities/create-activities.js';
import { StepRunner, type Tools } from '../../src/activities/steps/step-runner.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { Execution } from '../../src/contracts/execution.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import type { Plan } from '../../src/contracts/plan.js';
import { CancelService } from '../../src/kernel/cancel-service.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { ChildRunService } from '../../src/kernel/child-run-service.js';
import { planHash } from '../../src/language/plan/plan-hash.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { Recorder } from '../../src/observation/record.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import type { Library } from '../../src/platform/library/library.js';
import { createLogger } from '../../src/platform/logger.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { ArtifactStore } from '../../src/runs/values/artifact-store.js';
import { Approvals } from '../../src/runs/approvals.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { CancelWatch } from '../../src/runs/cancel-watch.js';
import { Dispatcher } from '../../src/runs/dispatch/dispatcher.js';
import type { OutboxClaim } from '../../src/runs/dispatch/outbox-claim.js';
import { signalThread } from '../../src/threads/signal-thread.js';
import { ThreadMemory } from '../../src/threads/memory/thread-memory.js';
import { ThreadTurns } from '../../src/threads/thread-turns.js';
import { runHandlers } from '../../src/runs/dispatch/run-handlers.js';
import { Events } from '../../src/runs/events.js';
import { WorkerCapacity } from '../../src/runs/dispatch/worker-capacity.js';
import { Journal } from '../../src/runs/journal/journal.js';
import { Plans } from '../../src/runs/values/plans.js';
import { once, TEST_DIRECTORY } from './once.js';
import { createTestDatabase, testTemporal } from './stack.js';

Runtime.install({
  logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } as never,
});

/** The workflows as one file, bundled once per test run. */
export const workflowBundle = (): Promise<string> =>
  once('bundle', async () => {
    const workflowsPath = join(import.meta.dirname, '../../src/workflows/index.ts');
    const { code } = await bundleWorkflowCode({ workflowsPath, preloadModules: [workflowsPath] });
    const file = join(TEST_DIRECTORY, 'workflow-bundle.js');
    await writeFile(file, code);
    return file;
  });

/**
 * The workflows as an earlier build: `patched()` returns false, which switches
 * off every change since then.
 */
export const earlierBundle = (): Promise<string> =>
  once('earlier-bundle', async () => {
    const code = await readFile(await workflowBundle(), 'utf8');
    const begins = 'function patched(patchId) {';
    if (code.split(begins).length !== 2) throw new Error(`not once in the bundle: ${begins}`);
    const file = join(TEST_DIRECTORY, 'earlier-bundle.js');
    await writeFile(file, code.replace(begins, `${begins} return false;`));
    return file;
  });

/** Number of concurrent segments at which the worker accepts no more. */
export const BUSY = 40;

const absent = (what: string) => () =>
  Promise.reject(new MissionError('internal', `no ${what} here`));

const NO_TOOLS: Omit<Tools, 'events' | 'decisions'> = {
  systemScripts: { run: absent('system scripts') },
  projectScripts: { run: absent('project scripts') },
  findScript: async (name) => ({ name, language: 'js', file: `/nowhere/${name}.js` }),
  mcp: { call: absent('mcp') },
  turns: { take: absent('models') },
  streams: { around: (_place, _call, make) => make() },
  secrets: { resolve: absent('secrets') },
  redactor: new Redactor(),
  audit: () => Promise.resolve(),
  projectPath: '/nowhere',
};

/** A worker. Its memory and its files are kept while it is stopped. */
export interface TestWorker {
  /**
   * Starts to take work, for the first time or again.
   * @param codePath file of another workflow bundle
   */
  start(codePath?: string): Promise<void>;
  /** Stops taking work; resolves when the current work has ended. */
  stop(): Promise<void>;
}

/**
 * The engine in this process: a worker and a dispatcher, with a real Temporal
 * server and a real database.
 */
export interface TestEngine {
  dataSource: DataSource;
  client: Client;
  load: WorkerCapacity;
  /** Accepts and runs a plan; resolves when its row is completed. */
  run(plan: Plan, inputs?: JsonObject): Promise<Execution>;
  accept(plan: Plan, inputs?: JsonObject): Promise<string>;
  ended(id: string): Promise<Execution>;
  /** Requests a cancellation as the API does: a flag and an outbox entry. */
  cancel(id: string): Promise<void>;
  readonly worker: TestWorker;
  readonly taskQueue: string;
  /** Adds a worker with its own tools; it takes work at once. */
  addWorker(tools: Partial<Tools>, options?: Partial<WorkerOptions>): Promise<TestWorker>;
  stop(): Promise<void>;
}

const decisionsOf = (dataSource: DataSource) =>
  new Decisions(dataSource, new PermissionLog(dataSource));

/** The services of child runs, which take their directives from a library. */
function childrenOf(dataSource: DataSource, blobs: Blobs, library: Library): Children {
  const executor = new Executor(
    dataSource,
    new DirectiveRegistry(library, new PlanReader(dataSource)),
  );
  const spawner = new ChildRunService(dataSource, executor, blobs, decisionsOf(dataSource));
  return new Children(dataSource, blobs, spawner, new CancelService(dataSource));
}

/** Tools of a worker; a function receives the test's database. */
export type TestTools = Partial<Tools> | ((dataSource: DataSource) => Partial<Tools>);

/** The database of the test itself, which it drops itself. */
export type TestDatabaseUrl = Awaited<ReturnType<typeof createTestDatabase>>;

export async function startTestEngine(
  given: TestTools = {},
  library?: Library,
  bundle?: string,
  shared?: TestDatabaseUrl,
): Promise<TestEngine> {
  const database = shared ?? (await createTestDatabase());
  const dataSource = await createDataSource(database.url, 10).initialize();
  const tools = typeof given === 'function' ? given(dataSource) : given;
  const connections: NativeConnection[] = [];
  const connect = async () => {
    const connection = await NativeConnection.connect({ address: await testTemporal() });
    connections.push(connection);
    return connection;
  };
  const connection = await connect();
  const client = new Client({ connection });
  const load = new WorkerCapacity(BUSY);
  const taskQueue = `test-${randomUUID()}`;
  const workers: TestWorker[] = [];
  const add = async (own: Partial<Tools>, options: Partial<WorkerOptions>) => {
    const activities = activitiesOf(dataSource, load, own, library);
    const worker = workerOf({ taskQueue, activities, ...options });
    workers.push(worker);
    await worker.start(bundle);
    return worker;
  };
  const worker = await add(tools, { connection });
  const logger = createLogger('test', 'error');
  const stored = { plans: new Plans(dataSource), blobs: new Blobs(dataSource) };
  const own = { ...stored, dataSource, client, searchable: true, taskQueue, logger };
  const handlers = {
    ...runHandlers(own),
    thread: (claim: OutboxClaim) => signalThread(own, claim),
  };
  const databaseUrl = database.url;
  const dispatcher = new Dispatcher({ dataSource, databaseUrl, handlers, load, logger });
  await dispatcher.start();
  const accept = (plan: Plan, inputs: JsonObject = {}) => insert(dataSource, plan, inputs);
  const ended = (id: string) => untilEnded(dataSource, id);
  return {
    dataSource,
    client,
    load,
    worker,
    taskQueue,
    // Temporal's SDK accepts only one worker for a queue on each connection.
    addWorker: async (own, options) => add(own, { ...options, connection: await connect() }),
    accept,
    cancel: (id) => requestCancel(dataSource, id),
    ended,
    run: async (plan, inputs) => ended(await accept(plan, inputs)),
    async stop() {
      await dispatcher.stop();
      for (const each of workers) await each.stop();
      for (const each of connections) await each.close();
      await dataSource.destroy();
      if (!shared) await database.drop();
    },
  };
}

/** The activities of a worker, as its own process would create them. */
function activitiesOf(
  dataSource: DataSource,
  load: WorkerCapacity,
  tools: Partial<Tools>,
  library: Library | undefined,
) {
  const recorder = new Recorder(dataSource, tools.redactor ?? NO_TOOLS.redactor);
  const decisions = decisionsOf(dataSource);
  const blobs = new Blobs(dataSource);
  const events = new Events(dataSource);
  return createActivities({
    dataSource,
    recorder,
    journal: new Journal(dataSource, recorder.notifier),
    blobs,
    plans: new Plans(dataSource),
    runner: new StepRunner({ ...NO_TOOLS, events, decisions, ...tools }),
    events,
    approvals: new Approvals(dataSource),
    children: library ? childrenOf(dataSource, blobs, library) : (undefined as unknown as Children),
    artifacts: new ArtifactStore(dataSource),
    cancelWatch: new CancelWatch(dataSource),
    load,
    threads: threadTurnsOf(dataSource, blobs, library),
    automations: automationsOf(dataSource, recorder, library),
  });
}

const NOTHING = { round: () => Promise.resolve(0) };

/** Automations whose definitions and schedules are those that a test writes. */
export function automationsOf(
  dataSource: DataSource,
  recorder: Recorder,
  library: Library | undefined,
): AutomationSweep {
  const registry = new DirectiveRegistry(library as Library, new PlanReader(dataSource));
  const executor = new Executor(dataSource, registry);
  const cancelService = new CancelService(dataSource);
  return new AutomationSweep({
    dataSource,
    recorder,
    starter: new RunStarter({ dataSource, executor, cancelService }),
    definitions: { round: () => Promise.resolve() },
    schedules: NOTHING,
    logger: createLogger('test', 'error'),
  });
}

function threadTurnsOf(dataSource: DataSource, blobs: Blobs, library: Library | undefined) {
  const plans = new Plans(dataSource);
  const cancelService = new CancelService(dataSource);
  const registry = new DirectiveRegistry(library as Library, new PlanReader(dataSource));
  const executor = new Executor(dataSource, registry);
  const logger = createLogger('test', 'error');
  const memory = new ThreadMemory({ dataSource, executor, blobs, hasModels: false });
  return new ThreadTurns({ dataSource, executor, cancelService, plans, blobs, memory, logger });
}

function workerOf(options: WorkerOptions): TestWorker {
  let running: { worker: Worker; drained: Promise<void> } | undefined;
  return {
    async start(codePath) {
      const worker = await Worker.create({
        workflowBundle: { codePath: codePath ?? (await workflowBundle()) },
        stickyQueueScheduleToStartTimeout: '2s',
        shutdownGraceTime: '1s',
        ...options,
      });
      running = { worker, drained: worker.run() };
    },
    async stop() {
      running?.worker.shutdown();
      await running?.drained;
      running = undefined;
    },
  };
}

/** The handle of a run's workflow. */
export async function workflowOf(
  { client, dataSource }: Pick<TestEngine, 'client' | 'dataSource'>,
  id: string,
  runId?: string,
) {
  const [row] = await dataSource.query('SELECT * FROM directive_executions WHERE id = $1', [id]);
  return client.workflow.getHandle(engineIdOf(row), runId);
}

async function insert(dataSource: DataSource, plan: Plan, inputs: JsonObject): Promise<string> {
  const id = randomUUID();
  const hash = planHash(plan);
  await dataSource.query(
    `INSERT INTO directive_plans (hash, name, directive_version, plan, source) VALUES ($1, $2, $3, $4, '')
     ON CONFLICT DO NOTHING`,
    [hash, plan.name, plan.directive_version, JSON.stringify(plan)],
  );
  await dataSource.query(
    `WITH run AS (INSERT INTO directive_executions
       (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, root_id)
       VALUES ($1, $2, $3, $4, 'manual', 'tester', $5, $1) RETURNING id),
     box AS (INSERT INTO outbox (kind, run_id) SELECT 'start', id FROM run)
     SELECT pg_notify('mission_outbox', '')`,
    [id, plan.name, plan.directive_version, hash, JSON.stringify(inputs)],
  );
  return id;
}

async function untilEnded(dataSource: DataSource, id: string): Promise<Execution> {
  for (;;) {
    const [row] = await dataSource.query('SELECT * FROM directive_executions WHERE id = $1', [id]);
    if (row.completed_at) return row;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function requestCancel(dataSource: DataSource, id: string): Promise<void> {
  await dataSource.query(
    `WITH run AS (UPDATE directive_executions SET cancel_requested = true WHERE id = $1 RETURNING id),
     box AS (INSERT INTO outbox (kind, run_id) SELECT 'cancel', id FROM run)
     SELECT pg_notify('mission_outbox', '')`,
    [id],
  );
}
