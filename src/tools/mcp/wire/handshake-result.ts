import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { excerpt } from './excerpt.js';

const text = (value: Json | undefined, otherwise: string) =>
  typeof value === 'string' ? value : otherwise;

/**
 * Reduces the answer to `initialize` or `server/discover` to the versions and
 * whether there are tools. Invalid values in other fields (`"tools": []` of
 * PHP, a null) do no harm.
 * @throws Error when the answer names no version
 */
export function handshakeResult(method: string, result: Json): JsonObject {
  const { protocolVersion, supportedVersions, capabilities, serverInfo } = isObject(result)
    ? result
    : ({} as JsonObject);
  const version = method === 'initialize' ? protocolVersion : supportedVersions;
  if (!isObject(result) || version === undefined || version === null) {
    throw new Error(`its answer to ${method} contains no protocol version: ${excerpt(result)}`);
  }
  const has = isObject(capabilities) && Boolean(capabilities['tools']);
  const { name, version: release } = isObject(serverInfo) ? serverInfo : ({} as JsonObject);
  return {
    ...(method === 'initialize' ? { protocolVersion: text(version, excerpt(version)) } : {}),
    ...(method === 'initialize' ? {} : { resultType: 'complete', supportedVersions: version }),
    capabilities: has ? { tools: {} } : {},
    serverInfo: { name: text(name, 'unknown'), version: text(release, 'unknown') },
  };
}
