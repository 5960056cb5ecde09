import type { ServerContext, Tool } from '@modelcontextprotocol/server';
import { MissionError } from '../../../contracts/errors.js';
import { isObject, type JsonObject } from '../../../contracts/json/json.js';
import { itemTypeIn } from '../../../verbs/call/arguments.js';
import { VERBS, type Verb } from '../../../verbs/call/verb-specs.js';
import type { Kernel } from '../../../verbs/kernel.js';
import { principalOf } from '../call/mcp-caller-context.js';
import type { McpTool } from '../call/mcp-tool.js';
import type { RunCalls } from '../runs/run-call.js';
import type { RunWatch } from '../runs/run-watch.js';
import { fitAnswer, partOf } from '../call/fit-answer.js';
import { toolResult } from '../call/tool-result.js';

const MAX_WAIT_SECONDS = 20;

/** Arguments that `load` has here beside the kernel's: results of tools are bounded, and calls do not last long. */
const LOAD_ARGUMENTS: JsonObject = {
  part: {
    type: 'integer',
    minimum: 1,
    description: 'Only this part of the JSON text of the answer, where one answer is too large',
  },
  wait_seconds: {
    type: 'integer',
    minimum: 0,
    maximum: MAX_WAIT_SECONDS,
    description:
      'For a run: wait for its end first. Closing the call ends the wait, never the run.',
  },
};

const READS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
const ANNOTATIONS: Record<Verb, Tool['annotations']> = {
  search: READS,
  load: READS,
  execute: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
  help: { ...READS, readOnlyHint: false, idempotentHint: false },
};

/** The kernel's four verbs as tools: the same for every caller, always in this order. */
export function verbTools(kernel: Kernel, runs: RunCalls, watch: RunWatch): McpTool[] {
  const calls: Record<Verb, McpTool['call']> = {
    search: async (args, context) =>
      toolResult(fitAnswer(await plain(kernel, 'search', args, context))),
    load: async (args, context) => toolResult(await load(kernel, watch, args, context)),
    execute: (args, context) => runs.execute({ tool: 'execute', called: args, args }, context),
    help: async (args, context) =>
      toolResult(fitAnswer(await plain(kernel, 'help', args, context))),
  };
  return VERBS.map(({ name, title, description, inputSchema }) => ({
    definition: {
      name,
      title,
      description,
      inputSchema: (name === 'load'
        ? withArguments(inputSchema)
        : inputSchema) as Tool['inputSchema'],
      annotations: ANNOTATIONS[name],
    },
    call: calls[name],
  }));
}

const withArguments = (schema: JsonObject): JsonObject => ({
  ...schema,
  properties: { ...(schema['properties'] as JsonObject), ...LOAD_ARGUMENTS },
});

const plain = (kernel: Kernel, verb: Verb, args: JsonObject, context: ServerContext) =>
  kernel.call(verb, args, { principal: principalOf(context), signal: context.mcpReq.signal });

async function load(
  kernel: Kernel,
  watch: RunWatch,
  { part, wait_seconds: seconds, ...args }: JsonObject,
  context: ServerContext,
): Promise<JsonObject> {
  const number = wholeIn('part', part, [1, 1_000_000]);
  const wait = wholeIn('wait_seconds', seconds, [0, MAX_WAIT_SECONDS]);
  const isRun = wait !== undefined && itemTypeIn(args) === 'execution';
  if (isRun) await waitFor(String(args['item_id']), wait * 1000, watch, context);
  const answer = await plain(kernel, 'load', args, context);
  if (number !== undefined) return partOf(answer, number);
  const { item_id = null, item_type = null } = answer;
  return fitAnswer(answer, { verb: 'load', item_type, item_id, part: 1 });
}

/** Looks first, so that nobody waits for what they may not see. */
async function waitFor(id: string, ms: number, watch: RunWatch, context: ServerContext) {
  const run = await watch.view(id, principalOf(context));
  await watch.wait(run.id, ms, context.mcpReq.signal);
}

function wholeIn(
  name: string,
  value: unknown,
  [least, most]: [number, number],
): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new MissionError(
    'input_invalid',
    `"${name}" must be a whole number from ${least} to ${most}.`,
  );
}

/** The arguments of a call; a client may send none. */
export const argumentsOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
