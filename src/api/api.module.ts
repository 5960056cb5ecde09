import { homedir } from 'node:os';
import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { MetadataScanner } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { PayloadCodec } from '@temporalio/common';
import { DataSource } from 'typeorm';
import { PermissionLog } from '../access/permissions/permission-log.js';
import { KeyService } from '../access/key-service.js';
import { KeyStore } from '../access/key-store.js';
import { SecretService } from '../access/secrets/secret-service.js';
import { ApprovalService } from '../kernel/approval-service.js';
import { AutomationReader } from '../automations/automation-reader.js';
import { AutomationService } from '../automations/automation-service.js';
import { BulkService } from '../kernel/bulk-service.js';
import { CancelService } from '../kernel/cancel-service.js';
import { DirectiveRegistry } from '../kernel/directive-registry.js';
import { Executor } from '../kernel/execute.js';
import { RerunService } from '../replays/rerun-service.js';
import { PlanImpacts } from '../kernel/plan-impacts.js';
import { RunControl } from '../kernel/run-control.js';
import { ShadowService } from '../replays/shadow-service.js';
import { ShadowReader } from '../observation/readers/shadow.reader.js';
import { AlertReader } from '../observation/readers/alert.reader.js';
import { ArtifactReader } from '../observation/readers/artifact.reader.js';
import { ApprovalReader } from '../observation/readers/approval.reader.js';
import { AuditReader } from '../observation/readers/audit.reader.js';
import { BlobReader } from '../observation/readers/blob.reader.js';
import { ExecutionReader } from '../observation/readers/execution.reader.js';
import { Recorder } from '../observation/record.js';
import { Feed } from '../observation/feeds/feed.js';
import { LiveRunReader } from '../observation/readers/live-run.reader.js';
import { LogReader } from '../observation/readers/log.reader.js';
import { McpStatusReader } from '../observation/readers/mcp-status.reader.js';
import { PermissionCheckReader } from '../observation/readers/permission-check.reader.js';
import { PlanReader } from '../observation/readers/plan.reader.js';
import { StepReader } from '../observation/readers/step.reader.js';
import { Library } from '../platform/library/library.js';
import { ItemSearch } from '../search/item-search.js';
import { Kernel } from '../verbs/kernel.js';
import { ThreadAnswers } from '../threads/thread-answers.js';
import { ThreadFeed } from '../threads/events/thread-feed.js';
import { ThreadMessages } from '../threads/thread-messages.js';
import { Threads } from '../threads/threads.js';
import { ThreadService } from '../threads/thread-service.js';
import { Blobs } from '../runs/values/blobs.js';
import { Plans } from '../runs/values/plans.js';
import { ApiLog } from './shared/api-log.js';
import { ApiSettings } from './shared/api-settings.js';
import { ErrorFilter } from './errors/error.filter.js';
import { FeedLifetime } from './feed-lifetime.js';
import { ArtifactLoader } from './graphql/executions/artifact-loader.js';
import { graphqlOptions } from './graphql/server/graphql-options.js';
import { RESOLVERS } from './graphql/resolvers.js';
import { SocketServer } from './graphql/server/socket-server.js';
import { StepLoader } from './graphql/executions/step-loader.js';
import { TemporalLink } from './graphql/executions/temporal-link.js';
import { ArtifactsController } from './http/internal/artifacts.controller.js';
import { AutomationsController } from './http/internal/automations.controller.js';
import { CodecController } from './http/codec.controller.js';
import { HealthController } from './http/health.controller.js';
import { InternalController } from './http/internal/internal.controller.js';
import { ChannelsController } from './http/channels.controller.js';
import { ThreadsController } from './http/threads.controller.js';
import { McpController } from './http/mcp.controller.js';
import { McpEndpoint, type McpEndpointOptions, type McpExtension } from './mcp/mcp-endpoint.js';
import { ToolsController } from './http/tools.controller.js';
import { Metrics } from './http/metrics.js';
import { PayloadDecoder } from './http/payload-decoder.js';
import { ReadinessProbe } from './http/readiness.js';
import { McpCaller } from './shared/mcp-caller.js';
import { OpenaiController } from './openai/openai.controller.js';
import { PolicyCheck } from './rights/policy-check.js';
import { RightsGuard } from './rights/rights.guard.js';

/** The parts of the API that its caller creates: `main.ts` from the configuration, tests on their own. */
export interface ApiParts {
  settings: ApiSettings;
  log: ApiLog;
  dataSource: DataSource;
  keys: KeyStore;
  feed: Feed;
  threadFeed: ThreadFeed;
  library: Library;
  /** Absent = search is by text only. */
  search?: ItemSearch;
  secrets: SecretService;
  /** What the MCP server offers beside the kernel. */
  mcpExtension?: McpExtension | undefined;
  /** The codec of Temporal's payloads; absent = payloads are not encrypted. */
  codec?: PayloadCodec | undefined;
}

/** The one module of the API process. */
export class ApiModule {
  static with(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [GraphQLModule.forRoot(graphqlOptions(parts.settings, parts.log.pino))],
      controllers: [
        ArtifactsController,
        AutomationsController,
        ChannelsController,
        CodecController,
        HealthController,
        InternalController,
        OpenaiController,
        ThreadsController,
        McpController,
        ToolsController,
      ],
      providers: [...givenProviders(parts), ...services(parts), ...OWN_PROVIDERS],
    };
  }
}

const OWN_PROVIDERS: Provider[] = [
  ...RESOLVERS,
  StepLoader,
  ArtifactLoader,
  TemporalLink,
  SocketServer,
  FeedLifetime,
  MetadataScanner,
  PolicyCheck,
  { provide: APP_GUARD, useClass: RightsGuard },
  { provide: APP_FILTER, useClass: ErrorFilter },
];

const givenProviders = (parts: ApiParts): Provider[] => [
  { provide: ApiSettings, useValue: parts.settings },
  { provide: ApiLog, useValue: parts.log },
  { provide: DataSource, useValue: parts.dataSource },
  { provide: KeyStore, useValue: parts.keys },
  { provide: Feed, useValue: parts.feed },
  { provide: ThreadFeed, useValue: parts.threadFeed },
  { provide: Library, useValue: parts.library },
  { provide: SecretService, useValue: parts.secrets },
  { provide: PayloadDecoder, useValue: new PayloadDecoder(parts.codec) },
];

function services(parts: ApiParts): Provider[] {
  const { dataSource, library, keys, settings, feed, threadFeed } = parts;
  const search = parts.search ?? new ItemSearch();
  const executions = new ExecutionReader(dataSource);
  const plans = new PlanReader(dataSource);
  const directives = new DirectiveRegistry(library, plans);
  const executor = new Executor(dataSource, directives);
  const storedPlans = new Plans(dataSource);
  const cancelService = new CancelService(dataSource);
  const runControl = new RunControl(dataSource);
  const threads = new ThreadService(dataSource, directives, settings.project);
  const messages = new ThreadMessages(dataSource, threads, cancelService, runControl);
  const answers = new ThreadAnswers(dataSource, threadFeed);
  const blobs = new Blobs(dataSource);
  const rerunService = new RerunService(dataSource, executor, directives, storedPlans, blobs);
  const kernel = new Kernel({
    dataSource,
    registry: directives,
    executor,
    ends: feed.runs,
    blobs,
    cancelService,
    rerunService,
    threads: { threads, messages, answers },
    recorder: new Recorder(dataSource),
    search,
    project: settings.project,
    userHome: homedir(),
  });
  const approvalReader = new ApprovalReader(dataSource);
  const approvals = new ApprovalService(dataSource, keys);
  const values = [
    ...readersOf(dataSource),
    executions,
    plans,
    approvalReader,
    approvals,
    endpointOf(parts, { kernel, approvals, approvalReader }),
    new KeyService(dataSource),
    runControl,
    cancelService,
    threads,
    messages,
    answers,
    new Threads(threads, messages, answers, threadFeed),
    kernel,
    search,
    new BulkService(dataSource, executions),
    new AutomationService(dataSource, directives, new Recorder(dataSource)),
    directives,
    new PlanImpacts(directives, new LiveRunReader(dataSource)),
    executor,
    rerunService,
    new ShadowService(dataSource, executor, storedPlans),
    new McpCaller(dataSource),
    new Metrics(executions),
    new ReadinessProbe(dataSource),
  ];
  return values.map((value) => ({ provide: value.constructor as never, useValue: value }));
}

/** What needs nothing but the database. */
const readersOf = (dataSource: DataSource) => [
  new StepReader(dataSource),
  new LogReader(dataSource),
  new AlertReader(dataSource),
  new AutomationReader(dataSource),
  new ArtifactReader(dataSource),
  new AuditReader(dataSource),
  new McpStatusReader(dataSource),
  new BlobReader(dataSource),
  new ShadowReader(dataSource),
  new PermissionLog(dataSource),
  new PermissionCheckReader(dataSource),
];

const endpointOf = (
  { dataSource, settings, feed, log, mcpExtension }: ApiParts,
  services: Pick<McpEndpointOptions, 'kernel' | 'approvals' | 'approvalReader'>,
) =>
  new McpEndpoint({
    dataSource,
    ...services,
    ends: feed.runs,
    directivesAsTools: settings.directivesAsTools,
    log: log.pino,
    extension: mcpExtension,
  });
