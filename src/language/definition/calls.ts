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

/** Keys of an `llm` step. */
export const LLM = keysOf({
  prompt: {
    type: 'text',
    required: true,
    description:
      'What the model is asked. A secret has no place in it: it would go to whoever runs the model.',
    example: 'Summarise this report: {{ result.text }}',
  },
  system: {
    type: 'text',
    description: 'What the model is to be and to heed, for the whole conversation.',
    example: 'You are the editor of a newsletter.',
  },
  model: {
    type: 'text',
    description:
      'Which of the models in `mission.yaml`, by its name there. Absent: the only one, or the one called `default`.',
    example: 'fast',
  },
  tools: {
    type: 'list',
    of: { type: 'text' },
    description:
      'What it may call: scripts by their names, tools of MCP servers as `server/tool`, all of a server’s as `server/*`. The comment at the top of a script’s file tells the model what it does and takes; a file `NAME.yaml` beside it declares its inputs.',
    example: ['count_words', 'files/read_file'],
  },
  output_schema: {
    type: 'names',
    of: { type: 'value' },
    description:
      'JSON Schema of an object that the answer must be: 2020-12, or 2019-09, draft-07 or draft-06 where its `$schema` says so. The model is told what is wrong and tries again, within `max_turns`; then the step fails with `output_invalid`.',
    example: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  },
  max_turns: {
    type: 'number',
    integer: true,
    least: 1,
    most: 100,
    default: 10,
    description: 'How often the model is asked; without an answer then, the step fails.',
    example: 5,
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

/** Actions that do their work outside the run. */
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
    right: 'execute:mcp_gateway',
    description: 'Calls a tool of an MCP server.',
    value: { type: 'map', keys: MCP },
    insteadOfInputs: 'write them as mcp.arguments',
    timeout_seconds: 60,
    result: 'the structured content, else the text; a tool that says `isError` fails the step',
    examples: ['mcp'],
  },
  emit: {
    kind: 'emit',
    right: 'write:events',
    description:
      'Tells an event to whoever waits for it; a repetition of the step is the same event.',
    value: { type: 'text' },
    inputs: 'the data of the event',
    timeout_seconds: 10,
    result: '`{event_id}`',
    examples: ['events'],
  },
  directive: {
    kind: 'directive',
    right: 'execute:directives',
    description:
      'Runs another directive as a child run, by its name or `name@range` (a range of versions as npm writes it).',
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
    kind: 'llm',
    right: 'execute:models',
    description: 'Asks a language model, which may call tools before it answers.',
    value: { type: 'map', keys: LLM },
    insteadOfInputs: 'write them into llm.prompt',
    timeout_seconds: 300,
    result: 'the object of `output_schema`, else `{text}`',
    details: [
      'The models are those of `mission.yaml`. Each turn of the model and each call of a tool is a step with a row and attempts of its own (`ask.turn`, `ask.tool.NAME`): after a crash a turn is repeated, a call that has finished never. `timeout_seconds` and `retry` are those of one turn.',
      'A tool is called as a step would call it: with its timeout, the rights of the directive and an idempotency key. What fails, a wrong name and wrong arguments are told to the model as the answer to its call, and fail nothing. Of one turn at most 16 calls are made, one after the other; `hooks` are asked about each, and about the whole. What the model says is data: no expression in it is evaluated, and no `secret://` in it is filled in.',
      'What the provider counts as input and output is spent of `limits.tokens`, and of `limits.cost_usd` by the prices in `mission.yaml`. Nobody is asked once a limit is used up.',
    ],
    examples: ['llm'],
  },
} as const satisfies Record<string, ActionRule>;
