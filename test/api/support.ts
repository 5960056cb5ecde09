import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import WebSocket from 'ws';
import { createKey, hashKey } from '../../src/access/api-key.js';
import { KeyStore } from '../../src/access/key-store.js';
import { SecretService } from '../../src/access/secrets/secret-service.js';
import { secretSources } from '../../src/access/secrets/secret-sources.js';
import { ApiLog } from '../../src/api/shared/api-log.js';
import type { McpExtension } from '../../src/api/mcp/mcp-endpoint.js';
import type { ApiSettings } from '../../src/api/shared/api-settings.js';
import { createApp } from '../../src/api/create-app.js';
import { listen } from '../../src/api/listen.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { ThreadFeed } from '../../src/threads/events/thread-feed.js';
import { Feed } from '../../src/observation/feeds/feed.js';
import { stampOf } from '../../src/platform/config/config-stamp.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Library } from '../../src/platform/library/library.js';
import { createTestDatabase } from '../support/stack.js';

/** What a test may set otherwise. */
export interface ApiOptions {
  settings?: Partial<ApiSettings>;
  mcpExtension?: McpExtension;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: any;
}

/** One API process's worth of app, listening on a port of its own. */
export class TestApi {
  private readonly clients: Client[] = [];

  private constructor(
    readonly url: string,
    readonly key: string,
    readonly project: string,
    readonly dataSource: DataSource,
    /** Lines of the process's log. */
    readonly logged: string[],
    private readonly end: () => Promise<void>,
  ) {}

  static async open(databaseUrl: string, options: ApiOptions = {}): Promise<TestApi> {
    const logged: string[] = [];
    const dataSource = await createDataSource(databaseUrl).initialize();
    const project = await mkdtemp(join(tmpdir(), 'mission-api-'));
    const key = createKey();
    await dataSource.query(
      `INSERT INTO api_keys (hash, name, actor, role) VALUES ($1, 'test', 'operator', 'operator')`,
      [hashKey(key)],
    );
    const settings: ApiSettings = {
      hosts: { boundTo: '127.0.0.1', allowedHosts: [], allowedOrigins: [] },
      temporalUi: 'http://127.0.0.1:8233',
      temporalNamespace: 'default',
      directivesAsTools: false,
      mcpServers: ['everything'],
      project,
      introspection: true,
      configStamp: stampOf(join(project, 'mission.yaml')),
      ...options.settings,
    };
    const sources = secretSources(dataSource, {
      keyFile: join(project, 'secrets.keys'),
      ownKeyFile: true,
      envPrefix: 'MISSION_SECRETS_TEST_',
    });
    await sources.keyFile.ensure();
    const app = await createApp({
      settings,
      log: new ApiLog(pino({ level: 'warn' }, { write: (line) => void logged.push(line) })),
      dataSource,
      keys: new KeyStore(dataSource),
      feed: new Feed(dataSource, databaseUrl),
      threadFeed: new ThreadFeed(dataSource, databaseUrl),
      library: new Library({
        project,
        userHome: project,
        mcpServers: settings.mcpServers,
        ceilings: DEFAULT_CEILINGS,
      }),
      mcpExtension: options.mcpExtension,
      secrets: new SecretService(dataSource, sources.store, sources.others, true),
    });
    const port = await listen(app.getHttpServer(), '127.0.0.1', 0);
    const end = async () => {
      await app.close();
      await dataSource.destroy();
      await rm(project, { recursive: true });
    };
    return new TestApi(`http://127.0.0.1:${port}`, key, project, dataSource, logged, end);
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.dispose()));
    await this.end();
  }

  async request(path: string, init: RequestInit & { key?: string | null } = {}): Promise<Answer> {
    const key = init.key === undefined ? this.key : init.key;
    const headers = new Headers(init.headers);
    if (key !== null) headers.set('authorization', `Bearer ${key}`);
    const response = await fetch(this.url + path, { ...init, headers });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : text,
    };
  }

  post(path: string, body: unknown, init: RequestInit = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.request(path, {
      method: 'POST',
      body: text,
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
    });
  }

  /** Data and errors of one operation over HTTP. */
  async graphql(query: string, variables?: unknown): Promise<{ data?: any; errors?: any[] }> {
    return (await this.post('/graphql', { query, variables })).body;
  }

  /** A client on the socket. */
  socket(key: string = this.key, onClosed?: (code: number) => void): Client {
    const client = createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
      on: { closed: (event) => onClosed?.((event as { code: number }).code) },
    });
    this.clients.push(client);
    return client;
  }

  /** The events of a subscription. */
  subscribe(query: string, variables?: Record<string, unknown>): AsyncIterableIterator<any> {
    return this.socket().iterate({ query, variables }) as AsyncIterableIterator<any>;
  }
}

/** Gives the tests of a file one of their own, on a database of its own. */
export function withApi(
  take: (api: TestApi, databaseUrl: string) => void,
  options?: ApiOptions,
): void {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let api: TestApi;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await TestApi.open(database.url, options);
    take(api, database.url);
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });
}
