import type { CallStep, StepCommon } from '../../../../contracts/plan.js';
import type { ScriptManifest } from '../../../../contracts/script.js';
import type { Place } from '../../check/context.js';
import { checkRight } from '../../check/permissions.js';
import { attemptsOnly } from '../../check/retry.js';
import { readTexts } from '../../fields/scalars.js';
import { CALLS } from '../../../definition/calls.js';
import { didYouMean } from '../../../text/nearest.js';
import type { Node } from '../../../parse/tree.js';
import { type Part, partOf } from '../base/part.js';

/** A tool of an llm step, and the step that calls it. The model's arguments are data: they are never evaluated. */
export interface Tool {
  name: string;
  step: CallStep;
}

const ARGUMENTS = '{{ arguments }}';
const SERVER_TOOL = /^([^/]+)\/(.+)$/s;

/** Reads the tools and builds one call step for each. */
export function readTools(
  place: Place,
  node: Node | undefined,
  around: Pick<StepCommon, 'path' | 'name'>,
): Tool[] {
  const names = readTexts(place.report, node, '"tools"') ?? [];
  const items = node?.type === 'list' ? node.items : [];
  const places = new Map<string, Node>();
  for (const item of items) {
    if (item.type !== 'scalar' || typeof item.value !== 'string') continue;
    if (places.has(item.value)) {
      const message = `the tool "${item.value}" is listed twice`;
      place.report.add('duplicate_name', item, message, 'remove one of the two');
    } else places.set(item.value, item);
  }
  return [...new Set(names)].flatMap((tool) => {
    const step = toolStep(place, tool, places.get(tool)!, around);
    return step ? [{ name: tool, step }] : [];
  });
}

function toolStep(
  place: Place,
  tool: string,
  at: Node,
  around: Pick<StepCommon, 'path' | 'name'>,
): CallStep | undefined {
  const common = partOf(around, `tool.${tool.replace('/*', '/all').replace(/[^\w-]/g, '_')}`);
  const [, server, name] = SERVER_TOOL.exec(tool) ?? [];
  if (server !== undefined) return mcpTool(place, common, [server, name!], at);
  const manifest = place.catalog.scripts.get(tool);
  if (manifest) return systemTool(place, common, manifest, at);
  const script = place.catalog.projectScripts.get(tool);
  if (!script) return unknown(place, tool, at);
  const timeout_seconds = CALLS.script.timeout_seconds;
  const rest = { kind: 'script', script: tool, system: false, inputs: ARGUMENTS } as const;
  return { ...common, timeout_seconds, ...rest };
}

function unknown({ report, catalog }: Place, tool: string, at: Node): undefined {
  const scripts = [...catalog.scripts.keys(), ...catalog.projectScripts.keys()];
  const servers = [...(catalog.mcpServers ?? [])].map((server) => `${server}/*`);
  const hint =
    didYouMean(tool, [...scripts, ...servers]) ??
    'write the name of a script, or server/tool of an MCP server';
  report.add('unknown_tool', at, `there is no tool "${tool}"`, hint);
  return undefined;
}

function mcpTool(place: Place, common: Part, [server, tool]: [string, string], at: Node): CallStep {
  const { mcpServers } = place.catalog;
  checkRight(place, `${CALLS.mcp.right}:${server}`, undefined, `the tool "${server}/${tool}"`, at);
  if (mcpServers && !mcpServers.has(server)) {
    const hint = didYouMean(server, mcpServers) ?? 'configure it in mission.yaml under mcp_servers';
    place.report.add('unknown_server', at, `there is no MCP server "${server}"`, hint);
  }
  const named = tool === '*' ? '{{ tool }}' : tool;
  const timeout_seconds = CALLS.mcp.timeout_seconds;
  return { ...common, timeout_seconds, kind: 'mcp', server, tool: named, arguments: ARGUMENTS };
}

function systemTool(place: Place, common: Part, manifest: ScriptManifest, at: Node): CallStep {
  const { name, rights, retry, available } = manifest;
  for (const right of rights) checkRight(place, right, undefined, `the tool "${name}"`, at);
  if (!available) {
    const message = `the script "${name}" is not implemented yet: a run that reaches it fails`;
    place.report.add('script_not_available', at, message, 'leave the tool out for now');
  }
  return {
    ...common,
    ...(retry && { retry: attemptsOnly(retry.attempts) }),
    timeout_seconds: manifest.timeout_seconds ?? CALLS.script.timeout_seconds,
    effect: rights.some((right) => !right.startsWith('read:')),
    kind: 'script',
    script: name,
    system: true,
    inputs: ARGUMENTS,
  };
}
