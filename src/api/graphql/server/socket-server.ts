import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { GraphQLError } from 'graphql';
import type { Context } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { type RawData, WebSocketServer, type WebSocket } from 'ws';
import { KeyStore } from '../../../access/key-store.js';
import type { Principal } from '../../../access/principal.js';
import { ApiLog } from '../../shared/api-log.js';
import { ApiSettings } from '../../shared/api-settings.js';
import { bearerOf } from '../../http/authenticate.js';
import { MAX_BODY_BYTES } from '../../http/body.js';
import { HostPolicy } from '../../shared/host-policy.js';
import { formatError } from './format-error.js';
import { socketOperation } from './socket-operation.js';

const MAX_SOCKETS = 1_000;
const MAX_OPERATIONS = 100;
const RECHECK_MS = 2_000;
const PING_MS = 10_000;
/** Close code of graphql-transport-ws: the client must not reconnect with this key. */
const UNAUTHORIZED = 4401;
/** WebSocket close code: try again later. */
const TRY_AGAIN = 1013;

type Session = Context<
  { authorization?: string },
  Extra & { principal?: Principal; recheck?: NodeJS.Timeout }
>;

/** Subscriptions (and queries) over graphql-transport-ws on `/graphql`, within the limits of HTTP. */
@Injectable()
export class SocketServer implements OnModuleDestroy {
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES });
  /** For each socket, the raw message that graphql-ws is handling just now. */
  private readonly messages = new WeakMap<WebSocket, RawData>();
  private disposable: { dispose(): void | Promise<void> } | undefined;

  constructor(
    @Inject(KeyStore) private readonly keys: KeyStore,
    @Inject(GraphQLSchemaHost) private readonly schema: GraphQLSchemaHost,
    @Inject(ApiSettings) private readonly settings: ApiSettings,
    @Inject(ApiLog) private readonly log: ApiLog,
  ) {}

  /** Handles the upgrade requests of a server. The app must be initialised. */
  attach(server: Server): void {
    const hosts = new HostPolicy(this.settings.hosts);
    this.disposable = this.serve();
    this.sockets.on('connection', (socket) => {
      this.replaceErrorListener(socket);
      this.remember(socket);
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const refusal = this.refusal(request, hosts);
      if (refusal) return void socket.end(refusal);
      this.sockets.handleUpgrade(request, socket, head, (opened) =>
        this.sockets.emit('connection', opened, request),
      );
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.disposable?.dispose();
  }

  /** Logs a client's broken message at `debug`. `ws` closes the socket; graphql-ws would print a stack trace as well. */
  private replaceErrorListener(socket: WebSocket): void {
    socket.removeAllListeners('error');
    socket.on('error', ({ message }) =>
      this.log.pino.debug({ message }, 'a WebSocket connection failed'),
    );
  }

  /** Keeps the raw message while graphql-ws handles its parsed copy, in which numbers are rounded. */
  private remember(socket: WebSocket): void {
    socket.prependListener('message', (data: RawData) => this.messages.set(socket, data));
    socket.on('message', () => this.messages.delete(socket));
  }

  private refusal({ url, headers }: IncomingMessage, hosts: HostPolicy): string | undefined {
    if (url?.split('?')[0] !== '/graphql')
      return answer('404 Not Found', 'WebSocket connections are accepted on /graphql only.');
    const foreign = hosts.refusal(headers);
    if (foreign) return answer('403 Forbidden', foreign.message);
    return this.sockets.clients.size >= MAX_SOCKETS
      ? answer(
          '503 Service Unavailable',
          'Too many WebSocket connections are open. Try again later.',
        )
      : undefined;
  }

  private serve() {
    const { introspection } = this.settings;
    const format = (error: GraphQLError) => formatError(error, introspection, this.log.pino);
    return useServer<
      { authorization?: string },
      { principal?: Principal; recheck?: NodeJS.Timeout }
    >(
      {
        onConnect: (session) => this.connect(session),
        onDisconnect: ({ extra }) => clearInterval(extra.recheck),
        onSubscribe: (session, _id, payload) => {
          if (Object.keys(session.subscriptions).length > MAX_OPERATIONS) {
            return session.extra.socket.close(TRY_AGAIN, 'Too many operations on one connection');
          }
          const context = { principal: session.extra.principal! };
          const text = this.messages.get(session.extra.socket)!;
          return socketOperation(this.schema.schema, introspection, context)(payload, text);
        },
        onError: (_session, _id, _payload, errors) => errors.map(format),
        onNext: (_session, _id, _payload, _args, { errors, ...result }) => ({
          ...result,
          ...(errors && { errors: errors.map(format) }),
        }),
      },
      this.sockets,
      PING_MS,
    );
  }

  /** Verifies the key, and again every 2 s while the socket is open: a revoked key closes the socket. */
  private async connect({ extra, connectionParams }: Session): Promise<boolean> {
    const key = bearerOf(String(connectionParams?.authorization));
    const principal = await this.verify(key);
    if (!principal) {
      const [code, reason] = principal === null ? REFUSED : UNREACHABLE;
      extra.socket.close(code, reason);
      return false;
    }
    extra.principal = principal;
    extra.recheck = setInterval(() => void this.recheck(extra.socket, key), RECHECK_MS);
    return true;
  }

  private async recheck(socket: Extra['socket'], key: string | undefined): Promise<void> {
    if ((await this.verify(key)) === null) socket.close(...REFUSED);
  }

  /** The key's principal; null = the key is not valid; undefined = the database cannot be reached. */
  private verify(key: string | undefined): Promise<Principal | null | undefined> {
    return key === undefined ? Promise.resolve(null) : this.keys.verify(key).catch(() => undefined);
  }
}

/** The text of the HTTP response that refuses an upgrade. */
const answer = (status: string, text: string) =>
  [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');

const REFUSED = [UNAUTHORIZED, 'Send a valid API key'] as const;
const UNREACHABLE = [TRY_AGAIN, 'The database cannot be reached'] as const;
