import { readFileSync } from 'node:fs';
import type { ClientConfig } from '../../platform/config/config-client.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../../platform/config/config-environment.js';
import { homePaths } from '../../platform/files/paths.js';
import type { Connection } from './api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';

/**
 * Finds the API: `--url`, otherwise `MISSION_URL`, otherwise `PORT` and `HOST`
 * where they are set, otherwise the address in `instance.json` of
 * `MISSION_HOME`, otherwise the default; and the API key.
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

/**
 * The address from `HOST` and `PORT`. Without `PORT`, the address of the
 * running instance is used if its host is the same.
 */
function ownAddress({ home, host, port }: ClientConfig): string {
  const address = bracketed(host ?? DEFAULT_HOST);
  if (port !== undefined) return `http://${address}:${port}`;
  const instance = runningInstance(home);
  const isThere = host === undefined || (instance && new URL(instance).hostname === address);
  return instance && isThere ? instance : `http://${address}:${DEFAULT_PORT}`;
}

/**
 * The address in `instance.json`, if the supervisor that wrote it is still
 * running.
 */
function runningInstance(home: string): string | undefined {
  try {
    const { pid, api } = JSON.parse(readText(homePaths(home).instance) ?? '');
    process.kill(pid, 0);
    return api;
  } catch {
    return undefined;
  }
}

/** The host to connect to: loopback for a listener on all interfaces; IPv6 in brackets. */
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
