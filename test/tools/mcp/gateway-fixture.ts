import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import type { Secrets } from '../../../src/access/secrets/secrets.js';
import { MissionError } from '../../../src/contracts/errors.js';
import { Recorder } from '../../../src/observation/record.js';
import type { McpServerConfig } from '../../../src/platform/config/config.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { Redactor } from '../../../src/platform/redaction/redactor.js';
import { McpGateway, type McpGatewayOptions } from '../../../src/tools/mcp/mcp-gateway.js';
import type { McpTimes } from '../../../src/tools/mcp/mcp-times.js';
import { createTestDatabase } from '../../support/stack.js';

const require = createRequire(import.meta.url);
const packageFile = (name: string, file: string) =>
  join(dirname(require.resolve(`@modelcontextprotocol/${name}/package.json`)), file);

export const EVERYTHING = packageFile('server-everything', 'dist/index.js');
export const FILESYSTEM = packageFile('server-filesystem', 'dist/index.js');
const ODD = join(import.meta.dirname, 'servers/odd-server.mjs');

export const stdio = (...args: string[]): McpServerConfig => ({
  transport: 'stdio',
  command: process.execPath,
  args,
  env: {},
  cwd: tmpdir(),
});

/** The server that misbehaves as its modes say. */
export const odd = (...modes: string[]) => stdio(ODD, ...modes);

/** The value of the secret `token`. */
export const TOKEN = 'canary-7Yx0-of-a-token';

/** A database with live workers in it, and gateways that are stopped at the end. */
export class GatewayFixture {
  private readonly gateways: McpGateway[] = [];
  readonly redactor = new Redactor();
  /** The secret `token`, and no other. */
  readonly secrets: Pick<Secrets, 'resolve'> = {
    resolve: async (name) => {
      if (name !== 'token') throw new MissionError('not_found', `There is no secret "${name}".`);
      this.redactor.learn(name, TOKEN);
      return TOKEN;
    },
  };

  private constructor(
    readonly dataSource: DataSource,
    private readonly drop: () => Promise<void>,
  ) {}

  static async create(): Promise<GatewayFixture> {
    const { url, drop } = await createTestDatabase();
    return new GatewayFixture(await createDataSource(url, 5).initialize(), drop);
  }

  get recorder(): Recorder {
    return new Recorder(this.dataSource, this.redactor);
  }

  /** Starts a gateway of a live worker and waits for its first connections. */
  async gateway(
    servers: Record<string, McpServerConfig>,
    times: Partial<McpTimes> = {},
    workerId = 'w1',
    jail?: McpGatewayOptions['jail'],
  ): Promise<McpGateway> {
    await this.dataSource.query(
      `INSERT INTO workers (id, task_queue, hostname, pid, seen_at) VALUES ($1, 'q', 'h', 1, now() + interval '1 hour')
       ON CONFLICT DO NOTHING`,
      [workerId],
    );
    const { dataSource, recorder, secrets } = this;
    const logger = pino({ level: 'silent' });
    const gateway = new McpGateway({
      servers,
      workerId,
      dataSource,
      recorder,
      secrets,
      logger,
      times,
      jail,
    });
    this.gateways.push(gateway);
    await gateway.start();
    await Promise.all(gateway.servers.map((server) => gateway.status(server)));
    return gateway;
  }

  async stopGateways(): Promise<void> {
    await Promise.all(this.gateways.splice(0).map((each) => each.stop()));
    await this.dataSource.query('DELETE FROM workers');
  }

  async end(): Promise<void> {
    await this.stopGateways();
    await this.dataSource.destroy();
    await this.drop();
  }
}

/** Waits until `probe` answers something true; fails after `ms`. */
export async function until<T>(probe: () => Promise<T> | T, ms = 5_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${probe.toString()}`);
    await sleep(20);
  }
}

/** False also for a process that is dead and not yet buried. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
