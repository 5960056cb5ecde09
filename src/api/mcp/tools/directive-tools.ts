import type { Tool } from '@modelcontextprotocol/server';
import type { Principal } from '../../../access/principal.js';
import { isObject, type JsonObject } from '../../../contracts/json/json.js';
import { VERB_NAMES } from '../../../verbs/call/verb-specs.js';
import type { Kernel } from '../../../verbs/kernel.js';
import type { McpTool } from '../call/mcp-tool.js';
import type { RunCalls } from '../runs/run-call.js';

/** Clients hide tools whose name and server's name together have more than 60 characters. */
const MAX_NAME = 45;
const PAGE = 100;

/** Each runnable directive as a tool with its inputs, sorted by name. A verb's name stays the verb's. */
export async function directiveTools(
  kernel: Kernel,
  runs: RunCalls,
  principal: Principal,
): Promise<McpTool[]> {
  const search = { item_type: 'directive', query: '', limit: PAGE };
  const { results } = await kernel.call('search', search, { principal });
  return (results as JsonObject[])
    .map((row) => ({ name: String(row['id']), facts: row['metadata'] as JsonObject }))
    .filter(({ name, facts }) => isListed(name, facts))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((directive) => toolOf(directive, runs));
}

const isListed = (name: string, facts: JsonObject): boolean =>
  name.length <= MAX_NAME && !VERB_NAMES.includes(name as never) && facts['invalid'] !== true;

function toolOf({ name, facts }: { name: string; facts: JsonObject }, runs: RunCalls): McpTool {
  const definition: Tool = {
    name,
    description: `Runs the directive ${name}. ${String(facts['description'] ?? '')}`.trim(),
    inputSchema: schemaOf(facts['inputs'] ?? null) as Tool['inputSchema'],
    annotations: { readOnlyHint: false, destructiveHint: facts['destructive'] === true },
  };
  return {
    definition,
    call: (inputs, context) => {
      const args = { item_type: 'directive', action: 'run', item_id: name, parameters: { inputs } };
      return runs.execute({ tool: name, called: inputs, args }, context);
    },
  };
}

function schemaOf(inputs: unknown): JsonObject {
  const entries = Object.entries(isObject(inputs) ? inputs : {}) as [string, JsonObject][];
  const properties = Object.fromEntries(entries.map(([name, spec]) => [name, propertyOf(spec)]));
  const required = entries.filter(([, spec]) => spec['required'] === true).map(([name]) => name);
  return { type: 'object', properties, required };
}

/** An input as JSON Schema: its keys are the same, but for `required`, and a default of null says nothing. */
function propertyOf({ required: _, default: fallback, type, ...rest }: JsonObject): JsonObject {
  return {
    ...(type !== undefined && type !== 'any' && { type }),
    ...rest,
    ...(fallback != null && { default: fallback }),
  };
}
