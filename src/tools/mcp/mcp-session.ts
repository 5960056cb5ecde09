import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { McpServerConfig } from '../../platform/config.js';
import { within } from '../within.js';
import { mcpLink, type Jailer, type McpLink } from './mcp-link.js';

/** What a session tells of while it lives. */
export interface SessionEvents {
  /** The connection is gone, once, and why. Not told after `close()`. */
  onClosed(reason: string, session: McpSession): void;
  onToolsChanged(): void;
  onStderr(lines: string[], dropped: number): void;
}

/** One connection to a server, from its handshake to its end; never used again afterwards. */
export interface McpSession {
  client: Client;
  /** Of the server's process; undefined over HTTP. */
  pid: number | undefined;
  close(): Promise<void>;
}

/** The SDK's own timeout does not cover all of the handshake, so ours comes first. */
const MARGIN_MS = 1_000;

/**
 * Connects to a server and shakes hands.
 * @throws Error whose message is the reason, fit for people
 */
export async function openSession(
  config: McpServerConfig,
  jail: Jailer,
  timeoutMs: number,
  signal: AbortSignal,
  events: SessionEvents,
): Promise<McpSession> {
  const link = mcpLink(config, jail, events.onStderr);
  const client = new Client(
    { name: 'mission-control', version: '1.0.0' },
    { listChanged: { tools: { autoRefresh: false, onChanged: () => events.onToolsChanged() } } },
  );
  try {
    await connect(client, link, timeoutMs, signal);
  } catch (error) {
    const reason = await link.explain(error);
    await link.close();
    throw new Error(reason, { cause: error });
  }
  return session(client, link, events);
}

function connect(client: Client, link: McpLink, ms: number, signal: AbortSignal): Promise<void> {
  const handshake = client.connect(link.transport, { timeout: ms + MARGIN_MS, signal });
  return within(ms, handshake, () => new Error(`no answer within ${ms} ms`), signal);
}

function session(client: Client, link: McpLink, events: SessionEvents): McpSession {
  const close = async () => {
    client.onclose = undefined;
    await link.close();
    await client.close();
  };
  const opened: McpSession = { client, pid: link.pid(), close };
  client.onclose = () => events.onClosed(link.ending(), opened);
  return opened;
}
