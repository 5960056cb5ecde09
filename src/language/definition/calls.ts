import type { ActionRule } from './action.js';
import { keysOf, VALUES } from './key.js';

export const MCP = keysOf({
  server: {
    type: 'text',
    required: true,
    description: 'A server of `mission.yaml`; may hold expressions.',
    example: 'files',
  },
  tool: {
    type: 'text',
    required: true,
    description: 'One of its tools; may hold expressions.',
    example: 'read_file',
  },
  arguments: {
    ...VALUES,
    default: {},
    description: 'What the tool is given.',
    example: { path: 'exports/{{ item }}' },
  },
});

export const SCRIPT = keysOf({
  isolation: {
    type: 'choice',
    choices: ['process'],
    description:
      'A process of its own for this call alone; else scripts in Python, TypeScript and JavaScript share warm ones. It has no effect on system scripts, nor on shell scripts, which never share one.',
    example: 'process',
  },
});

const script = {
  kind: 'script',
  value: { type: 'text', pattern: /^[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)?$/ },
  beside: SCRIPT,
  inputs: 'the script’s inputs',
  timeout_seconds: 10,
  result: 'what it returns',
  examples: ['script', 'artifacts'],
} as const;

/** Steps that do their work outside the run. */
export const CALLS = {
  script: {
    ...script,
    description:
      'Runs a script of the project (`.ai/scripts`, `.ai/tools`) or of the system, by its name, with or without ending.',
    details: [
      'A system script says itself which rights it needs, and its inputs are checked before the run. System names cannot be taken by a project.',
    ],
  },
  tool: { ...script, description: 'The same as `script`.', examples: [] },
  mcp: {
    kind: 'mcp',
    description: 'Calls a tool of an MCP server. It needs the right `execute:mcp_gateway`.',
    value: { type: 'map', keys: MCP },
    insteadOfInputs: 'write them as mcp.arguments',
    timeout_seconds: 60,
    result: 'the structured content, else the text; a tool that says `isError` fails the step',
    examples: ['mcp'],
  },
  emit: {
    kind: 'emit',
    description:
      'Tells an event to whoever waits for it. It needs the right `write:events`; a repetition of the step is the same event.',
    value: { type: 'text' },
    inputs: 'the data of the event',
    timeout_seconds: 10,
    result: '`{event_id}`',
    examples: ['events'],
  },
  directive: {
    kind: 'directive',
    description:
      'Runs another directive as a child run, by its name or `name@range` (a range of versions as npm writes it). It needs the right `execute:directives`.',
    value: { type: 'text', pattern: /^[a-z][a-z0-9_]{0,63}(@.+)?$/ },
    inputs: 'the inputs of the directive',
    result: 'the child’s result',
    details: [
      'The child has a history and steps of its own; in lists it stands with its parent. A range takes the current version if that lies in it, else the newest within it that was ever run. The child’s error is the step’s; it is tried again only where the step has `retry`, each attempt as a new run.',
      'It has the rights that its directive and its parent’s both have. Of the limits `steps`, `iterations` and `spawns` it gets what its parent has left (beside others its part of that), and gives back what it does not use. `depth` counts the generations. `timeout_seconds` ends it; so does whatever ends its parent, which waits until the child has undone its work.',
    ],
    examples: ['directive'],
  },
  llm: {
    description: 'Lets a language model work on a prompt.',
    value: { type: 'value' },
    result: 'the object of the schema, else `{text}`',
    examples: [],
  },
} as const satisfies Record<string, ActionRule>;
