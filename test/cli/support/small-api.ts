import { EventEmitter, on } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, graphql } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { RunView, StepEvent } from '../../../src/cli/client/views.js';
import { stepView } from './step-view.js';

const schema = buildSchema(`
  scalar JSON
  type Failure { code: String! message: String! step: String data: JSON }
  type Step { path: String! name: String! kind: String! iteration: String status: String! attempt: Int!
    fused: Boolean! reusedFrom: ID childId: ID error: Failure durationMs: Float progress: Progress }
  type Progress { done: Float! total: Float message: String }
  type Run { id: ID! directiveName: String! directiveVersion: String! status: String! triggeredBy: String!
    actor: String! inputs: JSON result: JSON error: Failure createdAt: String startedAt: String
    completedAt: String durationMs: Float rerunOf: ID rerunFrom: JSON shadowOf: ID parentId: ID waitsFor: String spent: JSON
    temporalUrl: String steps: [Step!]! }
  type Query { execution(id: ID!): Run }
  type Subscription { executionUpdated(id: ID): Run! stepUpdated(executionId: ID!): Step! }
`);

/** One run behind the part of the schema that following needs: the real protocol, and an API that can be ended and started again. */
export class SmallApi {
  readonly news = new EventEmitter().setMaxListeners(100);
  readonly run: RunView = {
    id: 'r1',
    directiveName: 'd',
    directiveVersion: '1.0.0',
    status: 'RUNNING',
    triggeredBy: 'manual',
    actor: 'operator',
    inputs: {},
    result: null,
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    completedAt: null,
    durationMs: null,
    rerunOf: null,
    rerunFrom: null,
    shadowOf: null,
    parentId: null,
    waitsFor: null,
    spent: null,
    temporalUrl: null,
  };
  readonly steps: StepEvent[] = [];
  queries = 0;
  sockets: WebSocketServer | undefined;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly withSocket = true) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      if (request.method !== 'POST') return void response.writeHead(404).end();
      void this.answer(request).then((body) => response.end(JSON.stringify(body)));
    });
    this.server = server.listen(this.port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    this.port = (server.address() as AddressInfo).port;
    if (!this.withSocket) return;
    this.sockets = new WebSocketServer({ server, path: '/graphql' });
    useServer({ schema, roots: this.roots() }, this.sockets);
  }

  /** Ends like a killed process: connections break. */
  async stop(): Promise<void> {
    this.sockets?.clients.forEach((socket) => socket.terminate());
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  step(name: string, status: string, progress: StepEvent['progress'] = null): void {
    const step: StepEvent = { ...stepView(name, status), progress };
    this.steps.push(step);
    this.news.emit('step', step);
  }

  end(status: string): void {
    Object.assign(this.run, { status, result: { done: true }, durationMs: 5 });
    this.news.emit('run', this.run);
    this.news.emit('end');
  }

  private async answer(request: IncomingMessage) {
    let text = '';
    for await (const chunk of request) text += chunk;
    this.queries += 1;
    const { query, variables } = JSON.parse(text);
    const rootValue = { execution: () => ({ ...this.run, steps: this.steps }) };
    return graphql({ schema, source: query, variableValues: variables, rootValue });
  }

  private roots() {
    const { news, run, steps } = this;
    return {
      subscription: {
        executionUpdated: () => stream(news, 'run', [run], 'executionUpdated'),
        stepUpdated: () => stream(news, 'step', steps, 'stepUpdated'),
      },
    };
  }
}

async function* stream(
  news: EventEmitter,
  name: string,
  before: readonly unknown[],
  field: string,
) {
  const later = on(news, name, { close: ['end'] });
  for (const each of [...before]) yield { [field]: each };
  for await (const [each] of later) yield { [field]: each };
}
