import type { McpStep } from '../../../../contracts/plan.js';
import type { Place } from '../../check/context.js';
import { readFields } from '../../fields/fields.js';
import { checkRight } from '../../check/permissions.js';
import { ANY_FIELDS } from '../../check/result-fields.js';
import { readText } from '../../fields/scalars.js';
import { isExpression, readTemplate } from '../../check/template.js';
import { CALLS, MCP } from '../../../definition/calls.js';
import { didYouMean } from '../../../text/nearest.js';
import { describe, type Node, type Span } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';

/** Compiles an `mcp` step, which calls a tool of an MCP server. */
export function buildMcp({ place, common, fields, value }: StepSource): Built | undefined {
  const call = readFields(place.report, value, MCP, 'an mcp step');
  if (!call) return undefined;
  const server = readName(place, call.get('server'), '"server"');
  const tool = readName(place, call.get('tool'), '"tool"');
  const given = readArguments(place, call.get('arguments'));
  checkServer(place, server, call.get('server'), fields.at('mcp'));
  const timeout_seconds = common.timeout_seconds ?? CALLS.mcp.timeout_seconds;
  const rest = { kind: 'mcp', server, tool, arguments: given } as const;
  const step: McpStep = { ...common, timeout_seconds, own: true, effect: true, ...rest };
  return { step, result: ANY_FIELDS };
}

function readName(place: Place, node: Node | undefined, what: string): string {
  const name = readText(place.report, node, what);
  if (name?.trim() === '') place.report.add('invalid_value', node!, `${what} is empty`);
  readTemplate(place, node);
  return name ?? '';
}

function readArguments(place: Place, node: Node | undefined): McpStep['arguments'] {
  if (!node) return {};
  const text = node.type === 'scalar' && typeof node.value === 'string' && isExpression(node.value);
  if (!text && node.type !== 'map' && node.type !== 'unknown') {
    const message = `"arguments" must be a map, but is ${describe(node)}`;
    place.report.add('invalid_type', node, message, 'write arguments: { name: value }');
  }
  return readTemplate({ ...place, takesSecrets: true }, node);
}

function checkServer(place: Place, server: string, node: Node | undefined, step: Span): void {
  const { mcpServers } = place.catalog;
  const literal = server !== '' && !server.includes('{{');
  checkRight(place, CALLS.mcp.right, server, 'an mcp step', step);
  if (!literal || !mcpServers || mcpServers.has(server)) return;
  const hint = didYouMean(server, mcpServers) ?? 'configure it in mission.yaml under mcp_servers';
  place.report.add('unknown_server', node!, `there is no MCP server "${server}"`, hint);
}
