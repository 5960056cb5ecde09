import { readFileSync } from 'node:fs';
import type { ClientConfig } from '../../platform/config/config-client.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../../platform/config/config-environment.js';
import { homePaths } from '../../platform/files/paths.js';
import type { Connection } from './api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';

/**
 * Where the API is: `--url`, else `MISSION_URL`, else `PORT` and `HOST` where they are set, else where the instance of
 * `MISSION_HOME` says it runs, else the default; and the key that opens it.
 */
export function findConnection(config: ClientConfig, option?: string): Connection {
  const url = originOf(option ?? config.url ?? ownAddress(config));
  const key = config.apiKey ?? readText(homePaths(config.home).operatorKey)?.trim();
  return { url, ...(key && { key }) };
}

function originOf(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text).origin;
  const hint = 'write an address such as http://127.0.0.1:4000';
  throw new CliError(EXIT.usage, 'config_invalid', `${text} is not an http(s) URL`, hint);
}

/** A host alone says nothing of the port: then the instance does, if it is that host's. */
function ownAddress({ home, host, port }: ClientConfig): string {
  const told = bracketed(host ?? DEFAULT_HOST);
  if (port !== undefined) return `http://${told}:${port}`;
  const instance = runningInstance(home);
  const isThere = host === undefined || (instance && new URL(instance).hostname === told);
  return instance && isThere ? instance : `http://${told}:${DEFAULT_PORT}`;
}

/** The address in `instance.json`, if the supervisor that wrote it is still there. */
function runningInstance(home: string): string | undefined {
  try {
    const { pid, api } = JSON.parse(readText(homePaths(home).instance) ?? '');
    process.kill(pid, 0);
    return api;
  } catch {
    return undefined;
  }
}

/** The address that a listener on all interfaces is reached at, IPv6 in brackets. */
function bracketed(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
