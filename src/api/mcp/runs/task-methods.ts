import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { MissionError } from '../../../contracts/errors.js';
import type { ApprovalService } from '../../../kernel/approval-service.js';
import type { Kernel } from '../../../verbs/kernel.js';
import { canElicit, hasTasks, principalOf, TASKS_EXTENSION } from '../call/mcp-caller-context.js';
import { decide } from './decide.js';
import { approvalForm, elicit } from './elicit-form.js';
import { questionKey } from './pending-approvals.js';
import { resultOf } from './run-call.js';
import type { RunView, RunWatch } from './run-watch.js';
import { taskOf } from './task.js';

export interface TaskMethodOptions {
  kernel: Kernel;
  watch: RunWatch;
  approvals: ApprovalService;
}

const NAMED = { params: z.looseObject({ taskId: z.string() }) };
/** The ids of runs; the beginning of one is no task id. */
const RUN_ID = /^[0-9a-f-]{36}$/i;

/** Registers the methods of the tasks extension: every run is a task. */
export function registerTasks(server: Server, options: TaskMethodOptions): void {
  server.setRequestHandler('tasks/get', NAMED, ({ taskId }, context) =>
    gated(context, () => getTask(taskId, context, options)),
  );
  server.setRequestHandler('tasks/update', NAMED, (params, context) =>
    gated(context, () => updateTask(params, context, options)),
  );
  server.setRequestHandler('tasks/cancel', NAMED, ({ taskId }, context) =>
    gated(context, () => cancelTask(taskId, context, options)),
  );
}

async function gated<Result>(
  context: ServerContext,
  answer: () => Promise<Result>,
): Promise<Result> {
  const requiredCapabilities = { extensions: { [TASKS_EXTENSION]: {} } };
  if (!hasTasks(context)) throw new MissingRequiredClientCapabilityError({ requiredCapabilities });
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof MissionError) || error.code === 'internal') throw error;
    const { code, message } = error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, message, { code });
  }
}

async function getTask(id: string, context: ServerContext, { watch }: TaskMethodOptions) {
  const principal = principalOf(context);
  const run = await viewOf(id, context, watch);
  const { all, own } = await watch.questions(run, principal);
  const forms = (canElicit(context) ? own : []).flatMap((row) => {
    const form = approvalForm(row);
    return form ? [[questionKey(row), elicit(form)] as const] : [];
  });
  const task = taskOf(run, forms.length > 0);
  if (task.status === 'completed') return { ...task, result: resultOf(run.answer) };
  if (forms.length > 0) return { ...task, inputRequests: Object.fromEntries(forms) };
  const steps = all.map(({ step }) => step).join(', ');
  return all.length === 0
    ? { ...task }
    : { ...task, statusMessage: `Waits for the approval of ${steps}.` };
}

/** Takes the answers to the questions of this run; what is no question of it is ignored. */
async function updateTask(
  params: { taskId: string; inputResponses?: unknown },
  context: ServerContext,
  { watch, approvals }: TaskMethodOptions,
) {
  const principal = principalOf(context);
  const run = await viewOf(params.taskId, context, watch);
  const { all } = await watch.questions(run, principal);
  const responses = (context.mcpReq.inputResponses ?? params.inputResponses ?? {}) as Record<
    string,
    unknown
  >;
  for (const row of all) await decide(approvals, row, responses, principal);
  return {};
}

async function cancelTask(
  id: string,
  context: ServerContext,
  { kernel, watch }: TaskMethodOptions,
) {
  const run = await viewOf(id, context, watch);
  if (['completed', 'cancelled'].includes(taskOf(run).status)) return {};
  const args = { item_type: 'execution', action: 'cancel', item_id: run.id };
  await kernel
    .call('execute', args, { principal: principalOf(context) })
    .catch((error: unknown) => {
      // The run ended in between.
      if (!(error instanceof MissionError && error.code === 'conflict')) throw error;
    });
  return {};
}

async function viewOf(id: string, context: ServerContext, watch: RunWatch): Promise<RunView> {
  if (!RUN_ID.test(id)) throw new MissionError('not_found', `There is no task ${id.slice(0, 50)}.`);
  return watch.view(id, principalOf(context));
}
