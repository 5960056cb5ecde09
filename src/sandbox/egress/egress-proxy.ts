import { chmodSync, closeSync, openSync, rmSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import {
  createServer,
  request,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  allowsAddress,
  hostPort,
  namesTarget,
  type HostScopes,
  type Target,
} from './egress-rules.js';

const CONNECT_MS = 10_000;
const IDLE_MS = 120_000;
const MAX_CONNECTIONS = 64;
/**
 * Longest path of a Unix socket that is safe on every system (the kernel's
 * limit is about 108 bytes).
 */
const MAX_PATH = 100;
/** Headers that concern one connection and not the request. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'upgrade',
];

/**
 * A refused connection, with the HTTP status and the message that the script
 * reads.
 */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A connection that was refused or could not be made. */
export interface NetworkFailure extends Target {
  /**
   * True when no scope grants the connection; false when it was granted and
   * could not be made.
   */
  refused: boolean;
  reason: string;
}

type OnFailure = (failure: NetworkFailure) => void;

/** The proxy's socket for one set of scopes. */
export interface EgressSocket {
  path: string;
  close(): void;
}

/**
 * The only way from a jail to the network: an HTTP proxy on a Unix socket, one
 * for each set of scopes. The proxy resolves names itself and connects to the
 * address that it checked, so that a second look-up cannot lead elsewhere.
 */
export class EgressProxy {
  private readonly shared = new Map<string, EgressSocket>();
  private readonly opened = new Set<EgressSocket>();
  private count = 0;

  /** @param directory holds the sockets; scripts cannot write there */
  constructor(private readonly directory: string) {}

  /**
   * The path of a socket for these scopes; processes with equal scopes share
   * it, and it stays open until the proxy closes.
   */
  socketFor(scopes: HostScopes): string {
    const key = JSON.stringify([scopes.hosts, scopes.blocked]);
    const socket = this.shared.get(key) ?? this.open(scopes);
    this.shared.set(key, socket);
    return socket.path;
  }

  /**
   * Opens a socket for one process, so that its refusals can be attributed to
   * it.
   */
  open(scopes: HostScopes, onFailure: OnFailure = () => undefined): EgressSocket {
    const path = join(this.directory, `egress-${(this.count += 1)}.sock`);
    const server = serve(scopes, onFailure);
    listen(server, path);
    chmodSync(path, 0o666);
    const socket = { path, close: () => this.shut(server, socket) };
    this.opened.add(socket);
    return socket;
  }

  close(): void {
    for (const socket of this.opened) socket.close();
  }

  private shut(server: Server, socket: EgressSocket): void {
    this.opened.delete(socket);
    server.close();
    server.closeAllConnections();
    rmSync(socket.path, { force: true });
  }
}

/**
 * Listens on a path. A path too long for a socket is reached through a
 * descriptor of its directory.
 */
function listen(server: Server, path: string): void {
  if (path.length <= MAX_PATH) return void server.listen(path);
  const folder = openSync(dirname(path), 'r');
  server.listen(`/proc/self/fd/${folder}/${basename(path)}`);
  closeSync(folder);
}

function serve(scopes: HostScopes, onFailure: OnFailure): Server {
  const way: Way = { scopes, onFailure };
  const server = createServer((asked, answer) => void forward(way, asked, answer));
  server.on('connect', (asked, socket, head) => void tunnel(way, asked, socket, head));
  server.on('clientError', (_, socket) => socket.destroy());
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

interface Way {
  scopes: HostScopes;
  onFailure: OnFailure;
}

async function tunnel(
  way: Way,
  { url = '' }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  socket.on('error', () => undefined);
  try {
    const { hostname, port } = new URL(`http://${url}`);
    const remote = await reach(way, { host: bare(hostname), port: Number(port || 80) });
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) remote.write(head);
    socket.on('close', () => remote.destroy());
    remote.on('close', () => socket.destroy());
    remote.pipe(socket).pipe(remote);
  } catch (thrown) {
    const { status, message } = toRefusal(thrown);
    const body = `${message}\n`;
    const length = Buffer.byteLength(body);
    socket.end(
      `HTTP/1.1 ${status} ${phraseOf(message)}\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n${body}`,
    );
  }
}

async function forward(way: Way, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  try {
    const url = new URL(asked.url ?? '');
    if (url.protocol !== 'http:') throw new Refusal(400, 'only http:// goes without CONNECT');
    const port = Number(url.port || 80);
    const socket = await reach(way, { host: bare(url.hostname), port });
    const headers: OutgoingHttpHeaders = { ...asked.headers, host: url.host };
    for (const name of HOP_BY_HOP) delete headers[name];
    const path = `${url.pathname}${url.search}`;
    const { method } = asked;
    const onward = request({ createConnection: () => socket, method, path, headers });
    onward.on('error', (error) => refuse(answer, error));
    onward.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  } catch (thrown) {
    refuse(answer, thrown);
  }
}

function refuse(answer: ServerResponse, thrown: unknown): void {
  const { status, message } = toRefusal(thrown);
  if (answer.headersSent) return void answer.destroy();
  answer.writeHead(status, phraseOf(message), { 'content-type': 'text/plain' }).end(`${message}\n`);
}

const toRefusal = (thrown: unknown): Refusal =>
  thrown instanceof Refusal ? thrown : new Refusal(502, String((thrown as Error).message));

/** Clients that do not show the body of a response show the status phrase. */
const phraseOf = (message: string) => message.replace(/[^ -~]/g, '?').slice(0, 200);

const bare = (host: string) => host.replace(/^\[|\]$/g, '');

/** Connects to a target and reports a failure. */
async function reach({ scopes, onFailure }: Way, target: Target): Promise<Socket> {
  try {
    return await open(scopes, target);
  } catch (thrown) {
    const { status, message } = toRefusal(thrown);
    onFailure({ ...target, refused: status === 403, reason: message });
    throw thrown;
  }
}

/**
 * Connects to an address that the scopes allow, and checks the peer's address
 * again after the connection.
 */
async function open(scopes: HostScopes, target: Target): Promise<Socket> {
  const named = hostPort(target);
  if (!namesTarget(scopes, target)) {
    throw new Refusal(
      403,
      `access to ${named} is not granted; add the permission "read:network:${named}"`,
    );
  }
  const addresses = await resolve(target.host);
  const address = addresses.find((each) => allowsAddress(scopes, target, each));
  if (!address) {
    const seen = addresses.join(', ');
    throw new Refusal(
      403,
      `${named} resolves to ${seen}, a private address that the permission does not include`,
    );
  }
  const socket = await connected(address, target.port);
  if (socket.remoteAddress !== undefined && allowsAddress(scopes, target, socket.remoteAddress)) {
    return socket;
  }
  socket.destroy();
  throw new Refusal(403, `${named} could not be reached at an address that is granted`);
}

async function resolve(host: string): Promise<string[]> {
  if (isIP(host)) return [host];
  const found = await lookup(host, { all: true }).catch(() => {
    throw new Refusal(502, `${host} cannot be resolved`);
  });
  return found.map(({ address }) => address);
}

function connected(address: string, port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ host: address, port, timeout: CONNECT_MS });
    socket.once('timeout', () => socket.destroy(new Error(`${address}:${port} does not answer`)));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      socket.on('error', () => socket.destroy());
      socket.removeAllListeners('timeout');
      socket.setTimeout(IDLE_MS, () => socket.destroy());
      done(socket);
    });
  });
}
