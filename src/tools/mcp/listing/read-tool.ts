import { isObject, type Json } from '../../../contracts/json/json.js';
import type { McpTool } from '../../../contracts/mcp.js';
import { excerpt } from '../wire/excerpt.js';
import { headerFault } from './header-fault.js';
import { readToolSchema } from './read-tool-schema.js';

const MAX_TEXT = 2_000;
const MAX_SCHEMA_BYTES = 32 * 1024;

/** A tool and the warnings about parts of it that violate the protocol. */
export interface ReadTool {
  tool?: McpTool;
  warnings: string[];
}

/** Reads an entry of a server's list of tools, field by field. */
export function readTool(entry: Json): ReadTool {
  if (!isObject(entry)) {
    return { warnings: [`an entry that is not a tool is left out: ${excerpt(entry)}`] };
  }
  const { name, description, inputSchema } = entry;
  if (typeof name !== 'string' || name === '') {
    const what = name === undefined ? 'no name' : `the name ${JSON.stringify(name)}`;
    const why = 'a name must be a text that is not empty';
    return { warnings: [`a tool with ${what} is left out, as ${why}: ${excerpt(entry)}`] };
  }
  const { schema, faults } = schemaOf(inputSchema);
  const fault = headerFault(schema);
  if (fault) return { warnings: [`tool ${name.slice(0, MAX_TEXT)} is left out: ${fault}`] };
  const tool = {
    name: name.slice(0, MAX_TEXT),
    inputSchema: schema,
    ...(typeof description === 'string' && { description: description.slice(0, MAX_TEXT) }),
  };
  return { tool, warnings: faults.map((fault) => `tool ${tool.name}: ${fault}`) };
}

function schemaOf(schema: Json | undefined) {
  if (JSON.stringify(schema ?? null).length <= MAX_SCHEMA_BYTES) return readToolSchema(schema);
  const fault = `its inputSchema is larger than ${MAX_SCHEMA_BYTES} bytes and is not shown`;
  return { schema: { type: 'object' }, faults: [fault] };
}
