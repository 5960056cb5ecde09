import type { ActionRule } from './action.js';
import { keysOf, VALUES } from './key.js';

export const MCP = keysOf({
  server: {
    type: 'text',
    required: true,
    description: 'The name of a server in `mission.yaml`; may contain expressions.',
    example: 'files',
  },
  tool: {
    type: 'text',
    required: true,
    description: 'The name of a tool of that server; may contain expressions.',
    example: 'read_file',
  },
  arguments: {
    ...VALUES,
    default: {},
    description: 'The arguments of the tool.',
    example: { path: 'exports/{{ item }}' },
  },
});

export const SCRIPT = keysOf({
  isolation: {
    type: 'choice',
    choices: ['process'],
    description:
      'Whether this call runs in a new process. By default, calls of Python, TypeScript and JavaScript scripts reuse running processes. The key has no effect on system scripts, nor on shell scripts, which always run in a new process.',
    example: 'process',
  },
});

/** Keys of an `llm` step. */
export const LLM = keysOf({
  prompt: {
    type: 'text',
    required: true,
    description:
      'The prompt. It must not contain a secret, because the prompt is sent to the provider of the model.',
    example: 'Summarise this report: {{ result.text }}',
  },
  system: {
    type: 'text',
    description:
      'The system prompt: the role of the model and its instructions for the whole conversation.',
    example: 'You are the editor of a newsletter.',
  },
  model: {
    type: 'text',
    description:
      'The name of a model in `mission.yaml`. If absent: the only model there, or the one named `default`.',
    example: 'fast',
  },
  tools: {
    type: 'list',
    of: { type: 'text' },
    description:
      'The tools that the model may call: scripts by name, tools of MCP servers as `server/tool`, all tools of a server as `server/*`. The comment at the top of a script’s file is the description that the model gets; a file `NAME.yaml` next to the script declares its inputs.',
    example: ['count_words', 'files/read_file'],
  },
  output_schema: {
    type: 'names',
    of: { type: 'value' },
    description:
      'JSON Schema of the answer, which must be an object. The dialect is 2020-12, or 2019-09, draft-07 or draft-06 if `$schema` says so. If an answer does not match, the model gets the error and tries again, within `max_turns`; after that the step fails with `output_invalid`.',
    example: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  },
  max_turns: {
    type: 'number',
    integer: true,
    least: 1,
    most: 100,
    default: 10,
    description:
      'Maximum number of requests to the model. If it has not answered by then, the step fails.',
    example: 5,
  },
});

const script = {
  kind: 'script',
  value: { type: 'text', pattern: /^[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)?$/ },
  beside: SCRIPT,
  inputs: 'the inputs of the script',
  timeout_seconds: 10,
  result: 'the value that the script returns',
  examples: ['script', 'artifacts'],
} as const;

/** Actions that do their work outside the run. */
export const CALLS = {
  script: {
    ...script,
    description:
      'Runs a script of the project (in `.ai/scripts` or `.ai/tools`) or a system script. The name may be written with or without its file extension.',
    details: [
      'A system script declares the permissions that it needs, and its inputs are checked before the run starts. A script of the project cannot have the name of a system script.',
    ],
  },
  tool: { ...script, description: 'Another spelling of `script`.', examples: [] },
  mcp: {
    kind: 'mcp',
    right: 'execute:mcp_gateway',
    description: 'Calls a tool of an MCP server.',
    value: { type: 'map', keys: MCP },
    insteadOfInputs: 'write them as mcp.arguments',
    timeout_seconds: 60,
    result:
      'the structured content of the tool’s answer, or else its text. If the tool reports `isError`, the step fails',
    examples: ['mcp'],
  },
  emit: {
    kind: 'emit',
    right: 'write:events',
    description:
      'Emits an event to all steps that wait for it. If the step is retried, the event is not emitted a second time.',
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
      'Runs another directive as a child run, given by its name or as `name@range` (a range of versions in npm’s notation).',
    value: { type: 'text', pattern: /^[a-z][a-z0-9_]{0,63}(@.+)?$/ },
    inputs: 'the inputs of the directive',
    result: 'the result of the child run',
    details: [
      'A child run has a separate history and separate steps. A range selects the current version if it is in the range, or else the newest version in the range that was ever run. If the child run fails, the step fails with the same error; it is retried only if the step has `retry`, and each attempt is a new run.',
      'A child run has a permission only if both its directive and the parent’s directive have it. Of the limits `steps`, `iterations` and `spawns` it gets what its parent has left (children that run at the same time share that), and it returns what it does not use. `depth` counts levels of child runs. A child run is cancelled when `timeout_seconds` is over or its parent ends; the parent waits until the compensation of the child has finished.',
    ],
    examples: ['directive'],
  },
  llm: {
    kind: 'llm',
    right: 'execute:models',
    description: 'Sends a prompt to a language model, which may call tools before it answers.',
    value: { type: 'map', keys: LLM },
    insteadOfInputs: 'write them into llm.prompt',
    timeout_seconds: 300,
    result: 'the object that matches `output_schema`, or else `{text}`',
    details: [
      'The models are configured in `mission.yaml`. Each turn of the model and each tool call is recorded as a separate step with its own attempts (for a step `ask`: `ask.turn`, `ask.tool.NAME`). After a crash an unfinished turn is repeated; a tool call that has finished is never repeated. `timeout_seconds` and `retry` apply to one turn.',
      'A tool is called as a step would call it: with a timeout, the permissions of the directive and an idempotency key. If a call fails, or has a wrong name or wrong arguments, the model gets the error as the answer to its call, and the step continues. At most 16 calls of one turn are made, one after the other. `hooks` run for each call and for the step as a whole. The output of the model is data: expressions in it are not evaluated, and `secret://` references in it are not resolved.',
      'The input and output tokens that the provider reports count towards `limits.tokens`, and, with the prices in `mission.yaml`, towards `limits.cost_usd`. Once a limit is used up, no request is sent.',
    ],
    examples: ['llm'],
  },
} as const satisfies Record<string, ActionRule>;
