import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Secrets } from '../../access/secrets/secrets.js';
import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { McpServerStatus } from '../../contracts/mcp.js';
import { didYouMean } from '../../language/text/nearest.js';
import type { Recorder } from '../../observation/record.js';
import type { McpServerConfig } from '../../platform/config/config.js';
import { callTool } from './call-tool.js';
import type { McpCallOptions } from './calls.js';
import { McpCommands, type McpCommand } from './mcp-commands.js';
import { McpConnection } from './mcp-connection.js';
import type { Jailer } from './mcp-link.js';
import { McpStateStore } from './mcp-state.store.js';
import { MCP_TIMES, type McpTimes } from './mcp-times.js';

/** The dependencies of a worker's gateway. */
export interface McpGatewayOptions {
  servers: Readonly<Record<string, McpServerConfig>>;
  workerId: string;
  dataSource: DataSource;
  recorder: Recorder;
  secrets: Pick<Secrets, 'resolve'>;
  logger: Logger;
  /** Starts servers with permissions; without a jail they are not started. */
  jail?: Jailer | undefined;
  times?: Partial<McpTimes>;
}

const NO_JAIL: Jailer = {
  start: () => {
    throw new Error('it has permissions, but this machine has no sandbox to enforce them');
  },
};

/**
 * The one supervisor of MCP servers in a worker: it holds and checks a
 * connection to each. It connects once at the start; afterwards a directive
 * reconnects, or a call that finds its server disconnected.
 */
export class McpGateway {
  private readonly connections: Map<string, McpConnection>;
  private readonly times: McpTimes;
  private readonly store: McpStateStore;
  private readonly commands: McpCommands;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: McpGatewayOptions) {
    const { dataSource, recorder, logger, workerId } = options;
    this.times = { ...MCP_TIMES, ...options.times };
    this.store = new McpStateStore(dataSource, recorder, logger);
    const { redactor } = recorder;
    const execute = (each: McpCommand) => this.execute(each);
    this.commands = new McpCommands(dataSource, workerId, execute, redactor, logger);
    this.connections = new Map(
      Object.entries(options.servers).map(([name, config]) => [
        name,
        this.connection(name, config),
      ]),
    );
  }

  /** Names of the configured servers. */
  get servers(): string[] {
    return [...this.connections.keys()];
  }

  /**
   * Starts to connect without waiting: a slow server must not delay the worker.
   */
  async start(): Promise<void> {
    for (const each of this.connections.values()) each.connect().catch(() => undefined);
    this.timer = setInterval(() => this.checkAll(), this.times.pingEveryMs);
    await this.commands.start();
  }

  /** Ends every connection and its process. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const connections = [...this.connections.values()].map((each) => each.stop());
    await Promise.all([this.commands.stop(), ...connections]);
    await this.store.clear(this.options.workerId);
  }

  /**
   * Calls a tool and returns its result as the value of an `mcp` step.
   * @throws MissionError `input_invalid` for an unknown server, `mcp_error`,
   * `mcp_disconnected`, `timeout`, `cancelled`
   */
  async call(
    server: string,
    tool: string,
    args: JsonObject,
    options: McpCallOptions,
  ): Promise<Json> {
    return callTool(this.find(server), tool, args, options);
  }

  /**
   * This worker's status of a server, after an attempt to connect that is in
   * progress.
   * @throws MissionError `input_invalid`
   */
  async status(server: string): Promise<McpServerStatus> {
    const connection = this.find(server);
    await connection.settled();
    return connection.status;
  }

  /**
   * @throws MissionError `input_invalid` for a server that is not configured,
   * with the most similar name
   */
  assertKnown(server: string): void {
    this.find(server);
  }

  /**
   * Process ID of a server; undefined over HTTP and while it is not running.
   * @throws MissionError `input_invalid`
   */
  pid(server: string): number | undefined {
    return this.find(server).session?.pid;
  }

  /**
   * Checks a server now and saves its status; as always, two missed pings make
   * it disconnected.
   * @throws MissionError `input_invalid`
   */
  async probe(server: string, timeoutMs: number): Promise<McpServerStatus> {
    const connection = this.find(server);
    await connection.settled();
    await connection.check(timeoutMs);
    if (connection.status.state === 'degraded') await connection.check(timeoutMs);
    await this.store.settled();
    return connection.status;
  }

  /**
   * Connects anew, unless the server is connected and answers.
   * @throws MissionError `input_invalid`, `mcp_disconnected` with the reason
   */
  async reconnect(server: string): Promise<McpServerStatus> {
    const connection = this.find(server);
    if (connection.status.state === 'connected') await connection.check();
    if (connection.status.state !== 'connected') await connection.connect();
    return connection.status;
  }

  private connection(name: string, config: McpServerConfig): McpConnection {
    const source = `mcp:${name}`;
    const use = { actor: 'system:mcp', permissions: null, where: { mcp_server: name } };
    const { workerId, jail = NO_JAIL } = this.options;
    return new McpConnection(name, workerId, config, jail, this.times, {
      secret: (secret) => this.options.secrets.resolve(secret, use),
      onStatus: (status, before) => this.store.save(status, before),
      onLines: (lines, dropped) => {
        if (dropped > 0) lines.push(`… and ${dropped} lines more`);
        this.store.log(...lines.map((message) => ({ level: 'info' as const, message, source })));
      },
      onWarning: (warning) =>
        this.store.log({ level: 'warn', message: `MCP server ${name}: ${warning}`, source }),
    });
  }

  private checkAll(): void {
    for (const each of this.connections.values()) void each.check();
  }

  private find(server: string): McpConnection {
    const found = this.connections.get(server);
    if (found) return found;
    const hint =
      didYouMean(server, this.servers) ?? `configured: ${this.servers.join(', ') || 'none'}`;
    const message = `there is no MCP server "${server}" in the configuration; ${hint}`;
    throw new MissionError('input_invalid', message, { server });
  }

  private async execute({ server, command, parameters }: McpCommand): Promise<Json> {
    if (command === 'reconnect') return { ...(await this.reconnect(server)) } as unknown as Json;
    const { tool, arguments: args, timeout_ms, idempotency_key } = parameters;
    return this.call(server, String(tool), isObject(args) ? args : {}, {
      timeoutMs: Number(timeout_ms),
      ...(typeof idempotency_key === 'string' ? { idempotencyKey: idempotency_key } : {}),
    });
  }
}
