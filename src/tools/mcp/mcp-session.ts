import { Client } from '@modelcontextprotocol/client';
import type { McpServerConfig } from '../../platform/config/config.js';
import { withTimeout } from '../with-timeout.js';
import { mcpLink, type Jailer, type McpLink } from './mcp-link.js';
import { refuseRequests } from './refuse-requests.js';

/** Callbacks of a session. */
export interface SessionEvents {
  /**
   * Called once with the reason when the connection has ended; not called after
   * `close()`.
   */
  onClosed(reason: string, session: McpSession): void;
  onToolsChanged(): void;
  /**
   * Called with the server's stderr and the lines of its stdout that are not
   * messages.
   */
  onLines(lines: string[], dropped: number): void;
}

/**
 * One connection to a server, from its handshake to its end; it is not reused.
 */
export interface McpSession {
  client: Client;
  /** Process ID of the server; undefined over HTTP. */
  pid: number | undefined;
  /** Version of the protocol, such as `2025-11-25`. */
  protocolVersion: string;
  /**
   * True for revision 2026-07-28 or later, which has no `initialize` and no
   * `ping`.
   */
  isModern: boolean;
  close(): Promise<void>;
}

/**
 * The SDK's own timeout does not cover the whole handshake; it is set later
 * than this project's timeout.
 */
const MARGIN_MS = 1_000;
/**
 * Over stdio, an older server does not answer the probe: the probe must not
 * take up the whole startup time.
 */
const PROBE_MS = 5_000;

/**
 * Connects to a server and performs the handshake.
 * @throws Error whose message is the reason, fit for people
 */
export async function openSession(
  config: McpServerConfig,
  jail: Jailer,
  timeoutMs: number,
  signal: AbortSignal,
  events: SessionEvents,
): Promise<McpSession> {
  const link = mcpLink(config, jail, events.onLines);
  const client = newClient(config, timeoutMs, link, events);
  try {
    await connect(client, link, timeoutMs, signal);
  } catch (error) {
    const reason = await link.explain(error);
    const diedOfProbe =
      config.transport === 'stdio' && config.negotiation === 'auto' && link.isGone();
    await link.close();
    if (diedOfProbe && !signal.aborted) {
      return openSession({ ...config, negotiation: 'legacy' }, jail, timeoutMs, signal, events);
    }
    throw new Error(reason, { cause: error });
  }
  return session(client, link, events);
}

function newClient(
  { transport, negotiation = transport === 'http' ? 'auto' : 'legacy' }: McpServerConfig,
  timeoutMs: number,
  link: McpLink,
  events: SessionEvents,
): Client {
  const probe = transport === 'stdio' ? { timeoutMs: Math.min(PROBE_MS, timeoutMs / 2) } : {};
  const client = new Client(
    { name: 'mission-control', version: '1.0.0' },
    { versionNegotiation: { mode: negotiation, probe } },
  );
  client.setNotificationHandler('notifications/tools/list_changed', () => events.onToolsChanged());
  refuseRequests(client, link.transport, (method) =>
    link.note(
      `the server requested ${method}, which was refused: a run cannot answer requests of a server`,
    ),
  );
  return client;
}

function connect(client: Client, link: McpLink, ms: number, signal: AbortSignal): Promise<void> {
  const handshake = client.connect(link.transport, { timeout: ms + MARGIN_MS, signal });
  const late = () => new Error(`no answer within ${ms} ms${link.heard()}`);
  return withTimeout(ms, handshake, late, signal);
}

function session(client: Client, link: McpLink, events: SessionEvents): McpSession {
  const close = async () => {
    client.onclose = () => undefined;
    await link.close();
    await client.close();
  };
  const protocolVersion = client.getNegotiatedProtocolVersion() ?? 'unknown';
  const isModern = client.getProtocolEra() === 'modern';
  const opened: McpSession = { client, pid: link.pid(), protocolVersion, isModern, close };
  client.onclose = () => events.onClosed(link.ending(), opened);
  return opened;
}
