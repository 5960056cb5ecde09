import { createHash } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Principal } from '../../../access/principal.js';
import type { JsonObject } from '../../../contracts/json/json.js';

/** The extension of MCP in which a long call is a task that is asked for later. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** The caller of a request, from the key that the API verified; never from the request's data. */
export const principalOf = ({ http }: ServerContext): Principal =>
  http?.authInfo?.extra?.['principal'] as Principal;

/**
 * What the client of this request can do. Clients of 2025 say it only in `initialize`, of which a server without
 * sessions remembers nothing, so that they are taken to have no capabilities.
 */
export const capabilitiesOf = ({ mcpReq }: ServerContext): ClientCapabilities =>
  ((mcpReq.envelope as JsonObject | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ??
    {}) as ClientCapabilities;

/** True if the client can show a form to its user and send the answer. */
export function canElicit(context: ServerContext): boolean {
  const { elicitation } = capabilitiesOf(context);
  return elicitation !== undefined && (elicitation.form !== undefined || !elicitation.url);
}

export const hasTasks = (context: ServerContext): boolean =>
  capabilitiesOf(context).extensions?.[TASKS_EXTENSION] !== undefined;

/** The digest of a tool call: the state of a call is refused when it comes with other arguments. */
export const digestOf = (tool: string, args: JsonObject): string =>
  createHash('sha256')
    .update(JSON.stringify([tool, sorted(args)]))
    .digest('base64url');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([name, each]) => [name, sorted(each)]);
}
