import { readFileSync } from 'node:fs';
import type { ClientConfig } from '../platform/config-client.js';
import { homePaths } from '../platform/paths.js';
import type { Connection } from './api-client.js';
import { CliError, EXIT } from './cli-error.js';

/**
 * Where the API is: `--url`, else `MISSION_URL`, else where the instance of `MISSION_HOME` says it
 * runs, else host and port; and the key that opens it.
 */
export function findConnection(config: ClientConfig, option?: string): Connection {
  const told = option ?? config.url ?? runningInstance(config.home);
  const url = originOf(told ?? `http://${bracketed(config.host)}:${config.port}`);
  const key = config.apiKey ?? readText(homePaths(config.home).operatorKey)?.trim();
  return { url, ...(key && { key }) };
}

function originOf(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text).origin;
  const hint = 'write an address such as http://127.0.0.1:4000';
  throw new CliError(EXIT.usage, 'config_invalid', `${text} is not an http(s) URL`, hint);
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
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
