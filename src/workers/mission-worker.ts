import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { DataSource } from 'typeorm';
import { TASK_QUEUE } from '../contracts/engine.js';
import { Children } from '../activities/children.js';
import { createActivities } from '../activities/create-activities.js';
import { secretSources } from '../access/secrets/secret-sources.js';
import { SecretUses } from '../access/secrets/secret-uses.js';
import { SecretWatch } from '../access/secrets/secret-watch.js';
import { Secrets } from '../access/secrets/secrets.js';
import { Decisions } from '../access/permissions/decisions.js';
import { PermissionLog } from '../access/permissions/permission-log.js';
import { ModelTools } from '../activities/models/model-tools.js';
import { ModelTurns } from '../activities/models/model-turns.js';
import { StepRunner } from '../activities/steps/step-runner.js';
import { CancelService } from '../kernel/cancel-service.js';
import { DirectiveRegistry } from '../kernel/directive-registry.js';
import { Executor } from '../kernel/execute.js';
import { ChildRunService } from '../kernel/child-run-service.js';
import { PlanReader } from '../observation/readers/plan.reader.js';
import { Recorder } from '../observation/record.js';
import type { Config } from '../platform/config/config.js';
import { Library } from '../platform/library/library.js';
import type { Logger } from '../platform/logger.js';
import { Subscribers } from '../platform/database/listening/subscribers.js';
import { Notifier } from '../platform/database/listening/notifier.js';
import type { Redactor } from '../platform/redaction/redactor.js';
import { loadScriptManifests } from '../platform/library/script-manifests.js';
import { connectionSettings } from '../platform/temporal/connection.js';
import { dataConverter } from '../platform/temporal/data-converter.js';
import { ensureSearchAttributes } from '../platform/temporal/search-attributes.js';
import { ArtifactStore } from '../runs/values/artifact-store.js';
import { Approvals } from '../runs/approvals.js';
import { Blobs } from '../runs/values/blobs.js';
import { CancelWatch } from '../runs/cancel-watch.js';
import { Conversations } from '../activities/models/conversation.js';
import { Dispatcher } from '../runs/dispatch/dispatcher.js';
import type { OutboxClaim } from '../runs/dispatch/outbox-claim.js';
import { runHandlers } from '../runs/dispatch/run-handlers.js';
import { Events } from '../runs/events.js';
import { Journal } from '../runs/journal/journal.js';
import { WorkerCapacity } from '../runs/dispatch/worker-capacity.js';
import { Plans } from '../runs/values/plans.js';
import { Reconciler } from '../runs/reconciler.js';
import { openSearch } from '../search/open-search.js';
import { ThreadStreams } from '../threads/events/thread-streams.js';
import { signalThread } from '../threads/signal-thread.js';
import { ThreadMemory } from '../threads/memory/thread-memory.js';
import { ThreadHistory } from '../threads/thread-history.js';
import { ThreadReconciler } from '../threads/thread-reconciler.js';
import { ThreadTurns } from '../threads/thread-turns.js';
import type { Kernel } from '../verbs/kernel.js';
import { openKernel } from '../verbs/open-kernel.js';
import { McpGateway } from '../tools/mcp/mcp-gateway.js';
import { Models } from '../tools/models/models.js';
import { SystemScripts } from '../system/system-scripts.js';
import { forgetHourly } from './forget-hourly.js';
import { Heartbeat } from './heartbeat.js';
import { openAutomations } from './open-automations.js';
import { openScripts } from './open-scripts.js';
import { openServers } from './open-servers.js';
import { retryUntilReady } from './retry-until-ready.js';
import { createTemporalWorker } from './temporal-worker.js';

/** Concurrent segments at which the worker claims no more starts. They keep two cores busy: more runs would only wait in Temporal. */
const BUSY_SEGMENTS = 40;
const SHIPPED_SCRIPTS = join(import.meta.dirname, '../../directives/scripts');

/** Creates the services of a worker process, starts them in order, and stops them in the reverse order. */
export class MissionWorker {
  readonly id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  private worker: Worker | undefined;
  private stops: (() => Promise<void>)[] = [];
  private readonly permissions: PermissionLog;
  private readonly decisions: Decisions;
  private stopping = false;

  constructor(
    private readonly config: Config & { databaseUrl: string },
    private readonly dataSource: DataSource,
    private readonly logger: Logger,
    private readonly redactor: Redactor,
    private readonly taskQueue = TASK_QUEUE,
  ) {
    this.permissions = new PermissionLog(dataSource);
    this.decisions = new Decisions(dataSource, this.permissions);
  }

  /** Resolves when the worker has drained after {@link stop}. */
  async run(): Promise<void> {
    const { config, dataSource, logger, taskQueue } = this;
    const connection = await this.connect();
    const { namespace, payloadKeys } = config.temporal;
    const converter = dataConverter(payloadKeys);
    const client = new Client({
      connection,
      namespace,
      ...(converter && { dataConverter: converter }),
    });
    const searchable = await this.searchable();
    const services = await this.services(client);
    const activities = createActivities(services);
    this.worker = await createTemporalWorker(
      connection,
      { namespace, taskQueue, identity: this.id },
      activities,
      converter,
    );
    const draining = this.worker.run();
    const { plans, blobs, load } = services;
    const { databaseUrl } = config;
    const starting = { dataSource, client, plans, blobs, searchable, taskQueue, logger };
    const handlers = {
      ...runHandlers(starting),
      thread: (claim: OutboxClaim) => signalThread(starting, claim),
    };
    const dispatcher = new Dispatcher({ dataSource, databaseUrl, handlers, load, logger });
    const reconciler = new Reconciler(dataSource, client, logger);
    const threadReconciler = new ThreadReconciler(dataSource, logger);
    const heartbeat = new Heartbeat(dataSource, this.id, taskQueue, logger);
    await dispatcher.start();
    reconciler.start();
    threadReconciler.start();
    services.automations.start();
    await heartbeat.start();
    logger.info({ worker: this.id }, 'the worker polls');
    this.stops.unshift(
      () => heartbeat.stop(),
      () => services.automations.stop(),
      () => threadReconciler.stop(),
      () => reconciler.stop(),
      () => dispatcher.stop(),
    );
    await draining;
    this.stopping = true;
    for (const stop of this.stops) await stop().catch((error) => logger.warn(String(error)));
    await connection.close();
  }

  /** Stops polling and gives running activities 30 s to finish; {@link run} resolves then. */
  stop(): void {
    if (this.stopping) return;
    this.stopping = true;
    if (this.worker?.getState() === 'RUNNING') this.worker.shutdown();
  }

  private connect(): Promise<NativeConnection> {
    const settings = connectionSettings(this.config.temporal);
    const connect = () => NativeConnection.connect(settings);
    return retryUntilReady('Temporal', this.logger, connect, () => this.stopping);
  }

  private async searchable(): Promise<boolean> {
    const { temporal } = this.config;
    const connection = await Connection.connect(connectionSettings(temporal));
    const { available, reason } = await ensureSearchAttributes(connection, temporal.namespace);
    await connection.close();
    if (!available)
      this.logger.warn(
        { reason },
        'search attributes are not available: runs have the same data in their memo instead',
      );
    return available;
  }

  private registry(): DirectiveRegistry {
    const { config, dataSource } = this;
    const library = new Library({ ...config, mcpServers: Object.keys(config.mcpServers) });
    return new DirectiveRegistry(library, new PlanReader(dataSource));
  }

  private children(blobs: Blobs, executor: Executor): Children {
    const { dataSource } = this;
    const childRuns = new ChildRunService(dataSource, executor, blobs, this.decisions);
    return new Children(dataSource, blobs, childRuns, new CancelService(dataSource));
  }

  private async services(client: Client) {
    const { config, dataSource, logger, redactor } = this;
    const subscribers = new Subscribers(config.databaseUrl);
    const recorder = new Recorder(dataSource, redactor, new Notifier(dataSource, subscribers));
    const blobs = new Blobs(dataSource);
    const events = new Events(dataSource);
    const registry = this.registry();
    const executor = new Executor(dataSource, registry);
    const { project } = config;
    const { search, close: closeSearch } = openSearch({ ...config, dataSource, logger });
    this.stops.push(async () => closeSearch());
    const kernel = openKernel({ dataSource, registry, executor, recorder, project, search });
    const runner = await this.stepRunner(recorder, blobs, events, kernel);
    this.stops.push(() => subscribers.stop());
    await subscribers.start();
    const artifacts = new ArtifactStore(dataSource);
    const plans = new Plans(dataSource);
    const cancelService = new CancelService(dataSource);
    const { artifactsDays, logsDays } = config.retention;
    this.stops.push(
      () => this.permissions.flush(),
      forgetHourly('artifacts', () => artifacts.forget(artifactsDays), logger),
      forgetHourly('permission checks', () => this.permissions.forget(logsDays), logger),
    );
    return {
      dataSource,
      recorder,
      journal: new Journal(dataSource, recorder.notifier),
      blobs,
      artifacts,
      plans,
      runner,
      events,
      approvals: new Approvals(dataSource),
      children: this.children(blobs, executor),
      threads: new ThreadTurns({
        ...{ dataSource, executor, cancelService, plans, blobs, logger },
        memory: new ThreadMemory({ dataSource, executor, blobs, hasModels: hasModels(config) }),
      }),
      automations: openAutomations({
        ...{ dataSource, executor, recorder, client, project, logger },
        taskQueue: this.taskQueue,
      }),
      cancelWatch: new CancelWatch(dataSource),
      load: new WorkerCapacity(BUSY_SEGMENTS),
    };
  }

  /** Everything that a step can call: scripts, system scripts, MCP servers, models. */
  private async stepRunner(
    recorder: Recorder,
    blobs: Blobs,
    events: Events,
    kernel: Kernel,
  ): Promise<StepRunner> {
    const { config, dataSource, logger, redactor } = this;
    const secrets = await this.secrets(recorder);
    const reporter = { recorder, logger, workerId: this.id };
    const { servers, jail, close: closeServers } = await openServers(config, reporter);
    const shared = { dataSource, recorder, workerId: this.id };
    const mcp = new McpGateway({ ...shared, servers, jail, secrets, logger });
    const scripts = await openScripts(config, reporter);
    const manifests = await loadScriptManifests(SHIPPED_SCRIPTS);
    const { find: findScript } = scripts.finder;
    const streams = new ThreadStreams(dataSource);
    const turns = new ModelTurns({
      history: new ThreadHistory(dataSource),
      streams,
      models: new Models({ models: config.models, tiers: config.tiers, secrets, redactor }),
      conversations: new Conversations(dataSource, blobs),
      tools: new ModelTools({ manifests, findScript, mcp }),
    });
    this.stops.unshift(
      () => mcp.stop(),
      closeServers,
      () => scripts.host.close(),
    );
    await mcp.start();
    return new StepRunner({
      systemScripts: new SystemScripts({ ...shared, gateway: mcp, manifests, kernel }),
      projectScripts: scripts.host,
      findScript,
      mcp,
      events,
      turns,
      streams,
      secrets,
      decisions: this.decisions,
      audit: (record) => recorder.audit(record),
      redactor,
      projectPath: config.project,
    });
  }

  private async secrets(recorder: Recorder): Promise<Secrets> {
    const { config, dataSource, logger, redactor } = this;
    const { store, others } = secretSources(dataSource, config.secrets);
    const uses = new SecretUses(dataSource);
    const secrets = new Secrets({ sources: [store, ...others], recorder, uses, redactor });
    const watch = new SecretWatch(config.databaseUrl, secrets, uses, logger);
    this.stops.push(() => watch.stop());
    await watch.start();
    return secrets;
  }
}

const hasModels = ({ models }: Pick<Config, 'models'>): boolean => Object.keys(models).length > 0;
