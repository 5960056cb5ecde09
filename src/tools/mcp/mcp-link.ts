import { SdkHttpError, type Transport } from '@modelcontextprotocol/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '../../platform/config/config-child-environment.js';
import type { McpServerConfig } from '../../platform/config/config.js';
import { errorText } from './wire/error-text.js';
import { LineLog } from './line-log.js';
import {
  startServer,
  type ServerProcess,
  type StdioServer,
} from '../../sandbox/servers/server-process.js';
import { sandboxHint } from '../../sandbox/servers/sandbox-hint.js';
import { httpTransport } from './wire/http-transport.js';
import { StdioTransport } from './wire/stdio-transport.js';

/** Starts servers in a jail. */
export interface Jailer {
  /** @throws Error with the reason, fit for people */
  start(server: StdioServer): ServerProcess;
}

/** A transport, and the reasons for its end. */
export interface McpLink {
  transport: Transport;
  /** Process ID of the server; undefined over HTTP. */
  pid(): number | undefined;
  /** Describes why the connection could not be made. */
  explain(error: unknown): Promise<string>;
  /** Describes why the connection ended. */
  ending(): string;
  /** True when the server's process has ended; false over HTTP. */
  isGone(): boolean;
  /**
   * Describes output that was not a message, as the end of a sentence; empty
   * when there was none.
   */
  heard(): string;
  /** Adds a line to the server's log. */
  note(line: string): void;
  close(): Promise<void>;
}

/**
 * A write error on a pipe arrives before the exit of the process behind it;
 * wait this long for the exit.
 */
const NEWS_MS = 200;
const PIPE_FAULT = /EPIPE|ECONNRESET|Connection closed|Not connected/;
const GOODBYE_MS = 1_000;

type OnLines = (lines: string[], dropped: number) => void;

/**
 * Creates the link without starting anything. The server's output besides
 * messages goes to `onLines`.
 */
export function mcpLink(config: McpServerConfig, jail: Jailer, onLines: OnLines): McpLink {
  const lines = new LineLog(onLines);
  return config.transport === 'stdio' ? stdioLink(config, jail, lines) : httpLink(config, lines);
}

function stdioLink(server: StdioServer, jail: Jailer, lines: LineLog): McpLink {
  const { command, cwd, env, permissions } = server;
  const launch = () =>
    permissions ? jail.start(server) : startServer(server, childEnvironment(env));
  const onOddLine = (line: string) => lines.add(`stdout: ${line}`);
  const transport = new StdioTransport({ command, cwd, launch, onStderr: lines.push, onOddLine });
  const ending = () => {
    lines.end();
    const how = transport.ending ?? 'the process is gone';
    return lines.last && how.startsWith('exited') ? `${how}: ${lines.last}` : how;
  };
  const explain = async (error: unknown) => {
    const reason = errorText(error);
    if (!PIPE_FAULT.test(reason)) return reason + sandboxHint(server, transport);
    await transport.goneWithin(NEWS_MS);
    return (transport.ending ? ending() : reason) + sandboxHint(server, transport);
  };
  return {
    transport,
    pid: () => transport.pid,
    explain,
    ending,
    isGone: () => transport.ending !== undefined,
    heard: () => (transport.heard === '' ? '' : `; its stdout had: ${transport.heard}`),
    note: (line) => lines.add(line),
    close: () => transport.close(),
  };
}

function httpLink(
  { url, headers, negotiation }: McpServerConfig & { transport: 'http' },
  lines: LineLog,
): McpLink {
  const transport = httpTransport(url, headers);
  const close = async () => {
    const goodbye = transport.terminateSession().catch(() => undefined);
    await Promise.race([goodbye, sleep(GOODBYE_MS, undefined, { ref: false })]);
    await transport.close();
    lines.end();
  };
  return {
    transport,
    pid: () => undefined,
    explain: async (error) => errorText(error) + negotiationHint(error, negotiation),
    ending: () => 'the connection was closed',
    isGone: () => false,
    heard: () => '',
    note: (line) => lines.add(line),
    close,
  };
}

/**
 * A hint for older servers, which may fail at a request that they do not know.
 */
function negotiationHint(error: unknown, negotiation: McpServerConfig['negotiation']): string {
  const isAsked = negotiation !== 'legacy' && error instanceof SdkHttpError && error.status >= 500;
  const hint = '. If it is up and speaks older revisions only, write version_negotiation: legacy';
  return isAsked ? hint : '';
}
