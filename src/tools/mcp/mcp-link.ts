import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '../../platform/config-child-environment.js';
import type { McpServerConfig } from '../../platform/config.js';
import { errorText } from './error-text.js';
import { httpTransport } from './http-transport.js';
import { startServer, type ServerProcess, type StdioServer } from './server-process.js';
import { StderrLog } from './stderr-log.js';
import { StdioTransport } from './stdio-transport.js';
import { wallHint } from './wall-hint.js';

/** Starts servers that are to be jailed. */
export interface Jailer {
  /** @throws Error with the reason, fit for people */
  start(server: StdioServer): ServerProcess;
}

/** A transport, and what can be said of its end. */
export interface McpLink {
  transport: Transport;
  /** Of the server's process; undefined over HTTP. */
  pid(): number | undefined;
  /** Says why the connection could not be made. */
  explain(error: unknown): Promise<string>;
  /** Says why the connection ended. */
  ending(): string;
  close(): Promise<void>;
}

/** An error on a pipe comes before the news that the process at its other end is gone. */
const NEWS_MS = 200;
const PIPE_FAULT = /EPIPE|ECONNRESET|Connection closed|Not connected/;
const GOODBYE_MS = 1_000;

/** Lines of stderr go to `onStderr`. Nothing is started yet. */
export function mcpLink(
  config: McpServerConfig,
  jail: Jailer,
  onStderr: (lines: string[], dropped: number) => void,
): McpLink {
  return config.transport === 'stdio' ? stdioLink(config, jail, onStderr) : httpLink(config);
}

function stdioLink(
  server: StdioServer,
  jail: Jailer,
  onStderr: (lines: string[], dropped: number) => void,
): McpLink {
  const stderr = new StderrLog(onStderr);
  const { command, cwd, env, permissions } = server;
  const launch = () =>
    permissions ? jail.start(server) : startServer(server, childEnvironment(env));
  const transport = new StdioTransport({ command, cwd, launch, onStderr: stderr.push });
  const ending = () => {
    stderr.end();
    const how = transport.ending ?? 'the process is gone';
    return stderr.last && how.startsWith('exited') ? `${how}: ${stderr.last}` : how;
  };
  const explain = async (error: unknown) => {
    const reason = errorText(error);
    if (!PIPE_FAULT.test(reason)) return reason + wallHint(server, transport);
    await transport.goneWithin(NEWS_MS);
    return (transport.ending ? ending() : reason) + wallHint(server, transport);
  };
  return { transport, pid: () => transport.pid, explain, ending, close: () => transport.close() };
}

function httpLink({ url, headers }: McpServerConfig & { transport: 'http' }): McpLink {
  const transport = httpTransport(url, headers);
  const close = async () => {
    const goodbye = transport.terminateSession().catch(() => undefined);
    await Promise.race([goodbye, sleep(GOODBYE_MS, undefined, { ref: false })]);
    await transport.close();
  };
  return {
    transport,
    pid: () => undefined,
    explain: async (error) => errorText(error),
    ending: () => 'the connection was closed',
    close,
  };
}
