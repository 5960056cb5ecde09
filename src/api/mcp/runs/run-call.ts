import { randomUUID } from 'node:crypto';
import {
  acceptedContent,
  inputRequired,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isObject, type JsonObject } from '../../../contracts/json/json.js';
import type { ApprovalService } from '../../../kernel/approval-service.js';
import type { ApprovalRow } from '../../../platform/database/entities/runs/approval.row.js';
import type { Kernel } from '../../../verbs/kernel.js';
import { canElicit, digestOf, hasTasks, principalOf } from '../call/mcp-caller-context.js';
import type { ToolAnswer } from '../call/mcp-tool.js';
import { fitAnswer, isAboutRun } from '../call/fit-answer.js';
import { toolResult } from '../call/tool-result.js';
import { decide } from './decide.js';
import { approvalForm, elicit, inputsForm } from './elicit-form.js';
import { approvalFacts, questionKey } from './pending-approvals.js';
import { stateOf, type CallState } from './request-state.js';
import type { RunView, RunWatch } from './run-watch.js';
import { taskOf } from './task.js';

/** Milliseconds for which a call waits at most: several clients lose calls that take a minute. */
const WAIT_MS = 20_000;

export interface RunCallOptions {
  kernel: Kernel;
  watch: RunWatch;
  approvals: ApprovalService;
  states: RequestStateCodec<CallState>;
}

/** Calls `execute`: waits for the run, or asks the client's user, or makes a task of it. */
export class RunCalls {
  constructor(private readonly options: RunCallOptions) {}

  /**
   * @param tool the name under which the client called it
   * @param called the arguments as the client gave them, which the state of a call is bound to
   * @param args the arguments of `execute`
   */
  async execute(
    { tool, called, args }: { tool: string; called: JsonObject; args: JsonObject },
    context: ServerContext,
  ): Promise<ToolAnswer> {
    const deadline = Date.now() + waitOf(args);
    const digest = digestOf(tool, called);
    const state = stateOf(context, digest);
    if (state?.approval) return this.afterDecision(state, deadline, context);
    const completed = state ? withInputs(args, state, context) : args;
    if (!completed)
      return toolResult({ status: 'declined', note: 'The form was closed; nothing was started.' });
    const answer = await this.start(completed, context);
    const fresh = { digest, key: `mcp:${randomUUID()}` };
    return (
      (await this.askForInputs(answer, String(args['item_id']), fresh, context)) ??
      (await this.follow(answer, { deadline, state: fresh }, context))
    );
  }

  /** Clients with tasks or forms are not kept waiting: the run is looked at again below. */
  private start(args: JsonObject, context: ServerContext): Promise<JsonObject> {
    const { kernel } = this.options;
    const parameters = isObject(args['parameters'] ?? null)
      ? (args['parameters'] as JsonObject)
      : {};
    const isShort =
      args['action'] === 'run' &&
      parameters['wait_seconds'] !== 0 &&
      (hasTasks(context) || canElicit(context));
    const all = isShort ? { ...args, parameters: { ...parameters, wait_seconds: 1 } } : args;
    return kernel.call('execute', all, {
      principal: principalOf(context),
      signal: context.mcpReq.signal,
    });
  }

  private async askForInputs(
    answer: JsonObject,
    directive: string,
    state: CallState,
    context: ServerContext,
  ): Promise<ToolAnswer | undefined> {
    const form = canElicit(context) ? inputsForm(answer, directive) : undefined;
    if (!form) return undefined;
    const requestState = await this.options.states.mint(state, context);
    return inputRequired({ inputRequests: { inputs: elicit(form) }, requestState });
  }

  private async follow(
    answer: JsonObject,
    { deadline, state }: { deadline: number; state: CallState },
    context: ServerContext,
  ): Promise<ToolAnswer> {
    if (!isAboutRun(answer) || answer['status'] !== 'running') return resultOf(answer);
    const id = answer.execution_id;
    if (hasTasks(context)) return this.task(id, context);
    return this.waitOrAsk(id, { deadline: canElicit(context) ? deadline : 0, state }, context);
  }

  private async task(id: string, context: ServerContext): Promise<ToolAnswer> {
    const run = await this.options.watch.view(id, principalOf(context));
    const content = [{ type: 'text' as const, text: `The run ${id} goes on as a task.` }];
    return { ...taskOf(run), resultType: 'task', content };
  }

  private async waitOrAsk(
    id: string,
    { deadline, state }: { deadline: number; state: CallState },
    context: ServerContext,
  ): Promise<ToolAnswer> {
    const { watch } = this.options;
    const { signal } = context.mcpReq;
    const { run, all, own } = await watch.waitForQuestion(
      id,
      principalOf(context),
      deadline,
      signal,
    );
    return (await this.ask(own, run, { state, context })) ?? resultOf(withQuestions(run, all));
  }

  private async ask(
    own: ApprovalRow[],
    run: RunView,
    { state, context }: { state: CallState; context: ServerContext },
  ): Promise<ToolAnswer | undefined> {
    const [row] = canElicit(context) ? own : [];
    const form = row && approvalForm(row);
    if (!form) return undefined;
    const asked = { ...state, approval: { id: row.id, run: run.id, hash: row.hash } };
    const requestState = await this.options.states.mint(asked, context);
    return inputRequired({ inputRequests: { [questionKey(row)]: elicit(form) }, requestState });
  }

  private async afterDecision(
    state: CallState,
    deadline: number,
    context: ServerContext,
  ): Promise<ToolAnswer> {
    const { run, ...shown } = state.approval!;
    const principal = principalOf(context);
    const decided = await decide(
      this.options.approvals,
      shown,
      context.mcpReq.inputResponses,
      principal,
    );
    if (decided) return this.waitOrAsk(run, { deadline, state }, context);
    const view = await this.options.watch.view(run, principal);
    const { all } = await this.options.watch.questions(view, principal);
    return resultOf(withQuestions(view, all));
  }
}

/** Milliseconds that the call may wait; the kernel refuses a value that is none. */
function waitOf({ parameters }: JsonObject): number {
  const seconds = isObject(parameters ?? null)
    ? (parameters as JsonObject)['wait_seconds']
    : undefined;
  return typeof seconds === 'number' ? Math.min(seconds * 1000, WAIT_MS) : WAIT_MS;
}

/** The arguments with the inputs that a person gave; undefined if they gave none. */
function withInputs(
  args: JsonObject,
  { key }: CallState,
  context: ServerContext,
): JsonObject | undefined {
  const given = acceptedContent(context.mcpReq.inputResponses, 'inputs');
  if (!isObject(given)) return undefined;
  const parameters = (args['parameters'] ?? {}) as JsonObject;
  const place = isObject(parameters['inputs'] ?? null) ? parameters['inputs'] : undefined;
  const filled = place ? { inputs: { ...(place as JsonObject), ...given } } : given;
  const idempotency_key = parameters['idempotency_key'] ?? key;
  return { ...args, parameters: { ...parameters, ...filled, idempotency_key } as JsonObject };
}

const withQuestions = ({ answer }: RunView, all: ApprovalRow[]): JsonObject =>
  all.length === 0 ? answer : { ...answer, waiting_for: all.map(approvalFacts) };

/** The result for an answer of `execute`; a run that failed is a failed call. */
export function resultOf(answer: JsonObject): ToolAnswer {
  const rest = isAboutRun(answer)
    ? { verb: 'load', item_type: 'execution', item_id: answer.execution_id, part: 1 }
    : undefined;
  return toolResult(fitAnswer(answer, rest), isAboutRun(answer) && answer['status'] === 'error');
}
