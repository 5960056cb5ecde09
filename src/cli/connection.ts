import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientConfig } from '../platform/config-client.js';
import type { Connection } from './api-client.js';
import { CliError, EXIT } from './cli-error.js';

/** Where the API is: `--url`, else `MISSION_URL`, else host and port; and the key that opens it. */
export function findConnection(config: ClientConfig, option?: string): Connection {
  const url = originOf(option ?? config.url ?? `http://${bracketed(config.host)}:${config.port}`);
  const key = config.apiKey ?? readKey(join(config.home, 'operator.key'));
  return { url, ...(key && { key }) };
}

function originOf(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text).origin;
  const hint = 'write an address such as http://127.0.0.1:4000';
  throw new CliError(EXIT.usage, 'config_invalid', `${text} is not an http(s) URL`, hint);
}

/** The address that a listener on all interfaces is reached at, IPv6 in brackets. */
function bracketed(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function readKey(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
