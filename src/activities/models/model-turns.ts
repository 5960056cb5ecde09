import { isObject, type Json, type JsonObject, textOf } from '../../contracts/json/json.js';
import { requireRight } from '../../contracts/require-right.js';
import { type LlmStep, MAX_CALLS } from '../../contracts/plan.js';
import type { Budget, GivenMessage, TurnCall, TurnResult } from '../../contracts/model-turn.js';
import { CALLS } from '../../language/definition/calls.js';
import { checkInputs } from '../../language/inputs/check-inputs.js';
import { toolOf } from '../../language/run/kinds/llm.js';
import { askUntilAnswered } from '../ask-until-answered.js';
import type { Conversations, PastCall, PastTurn } from './conversation.js';
import { type AnswerSchema, answerSchema } from '../../tools/models/answers/answer-schema.js';
import type {
  AskOptions,
  ModelAnswer,
  ModelRequest,
  Said,
  ToolAnswer,
} from '../../contracts/model.js';
import type { Models } from '../../tools/models/models.js';
import { type ModelTools, type NamedTool, plainName } from './model-tools.js';
import type { StepCall } from '../steps/step-runner.js';
import type { AnswerStream } from '../../threads/events/answer-stream.js';
import type { ThreadStreams } from '../../threads/events/thread-streams.js';
import type { ThreadHistory } from '../../threads/thread-history.js';

/** Upper bound on the characters of a tool's answer: more would fill most of a model's context. */
const MAX_ANSWER = 100_000;
/** Upper bound on the characters of a call's problem, because the workflow carries the text. */
const MAX_PROBLEM = 1_000;

export interface ModelTurnsOptions {
  models: Pick<Models, 'nameOf' | 'affordable' | 'ask'>;
  conversations: Pick<Conversations, 'before' | 'of'>;
  tools: Pick<ModelTools, 'of'>;
  history: Pick<ThreadHistory, 'before'>;
  streams: Pick<ThreadStreams, 'begin'>;
}

/** Takes turns in conversations with models; the earlier turns are read from the journal. */
export class ModelTurns {
  constructor(private readonly options: ModelTurnsOptions) {}

  /**
   * Takes one turn, and returns a `TurnResult`.
   * @throws MissionError `permission_denied`, `model_error`, and the errors of `Models.ask`
   */
  async take(call: StepCall, options: AskOptions): Promise<Json> {
    const { models, conversations, tools } = this.options;
    const { llm, budget } = call.turn!;
    const { request: first, past } = await conversations.before(
      call.run.id,
      llm.path,
      call.iteration,
    );
    const { prompt, system, model: wanted } = past.length > 0 ? first : call.inputs;
    const model = models.nameOf(wanted === undefined ? undefined : textOf(wanted));
    requireRight(
      call.permissions,
      `${CALLS.llm.right}:${model}`,
      `A step that asks the model ${model}`,
    );
    const known = await tools.of(llm);
    const schema = llm.output_schema && (await answerSchema(llm.output_schema));
    const { said, memory } = await this.opening(call, known, textOf(prompt ?? ''));
    for (const each of past) said.push(...messagesOf(each, known));
    const bound = boundOf(budget, models.affordable(model, budget.cost_usd));
    const request: ModelRequest = {
      model,
      system: systemOf(system, memory, schema),
      said,
      tools: known.map(({ spec }) => spec),
      ...(bound && { most: bound.most }),
      ...(llm.output_schema && { output: llm.output_schema }),
    };
    const stream = await this.stream(call);
    const onAgain = (why: string) => {
      note(call, 'warn', `the request to the model ${model} is repeated: ${why}`);
      void stream?.reset();
    };
    const onText = stream && ((piece: string) => stream.text(piece));
    const onFallback = (name: string, why: string) => {
      note(call, 'warn', `the model ${name} is asked instead: ${why}`);
      void stream?.reset();
    };
    const asked = { ...options, onAgain, onFallback, ...(onText && { onText }) };
    const answer = await askUntilAnswered(models, request, asked);
    await stream?.end(answer.text);
    if (answer.usage.estimated)
      note(
        call,
        'info',
        `the model ${answer.model ?? model} reports no token usage: the number of tokens is estimated`,
      );
    return resultOf({ llm, known, schema, model, bound }, answer) as unknown as Json;
  }

  /** What a conversation begins with: in a thread what was said before, and the message to answer; else the prompt. */
  private async opening(
    { run, turn }: StepCall,
    known: readonly NamedTool[],
    prompt: string,
  ): Promise<{ said: Said[]; memory: string }> {
    if (!run.thread) return { said: [{ role: 'user', text: prompt }], memory: '' };
    const { earlier, memory, message } = await this.options.history.before(run.thread);
    const said: Said[] = [];
    for (const { content, run_id, reply } of earlier) {
      said.push({ role: 'user', text: content });
      const path = turn!.llm.path;
      const turns = run_id === null ? [] : await this.options.conversations.of(run_id, path);
      for (const each of turns) said.push(...messagesOf(each, known));
      if (turns.at(-1)?.turn.calls.length !== 0)
        said.push({ role: 'assistant', text: reply || '(no answer)', calls: [] });
    }
    said.push({ role: 'user', text: message });
    return { said, memory };
  }

  private async stream({ run, iteration }: StepCall): Promise<AnswerStream | undefined> {
    if (!run.thread) return undefined;
    return this.options.streams.begin(run.thread, { run_id: run.id, iteration });
  }
}

function note(
  { log, run, path, iteration }: StepCall,
  level: 'info' | 'warn',
  message: string,
): void {
  log.add({ level, message, source: 'kernel', run_id: run.id, step_path: path, iteration });
}

const systemOf = (
  system: Json | undefined,
  memory: string,
  schema: AnswerSchema | undefined,
): string =>
  [system === undefined ? '' : textOf(system), memory, schema?.instruction]
    .filter(Boolean)
    .join('\n\n');

/** Upper bound on the output tokens of an answer, and the limit of the run that it follows from. */
interface Bound {
  most: number;
  limit: 'tokens' | 'cost_usd';
}

function boundOf({ tokens }: Budget, affordable: number | undefined): Bound | undefined {
  if (tokens === undefined && affordable === undefined) return undefined;
  if (affordable === undefined || (tokens !== undefined && tokens <= affordable))
    return { most: Math.max(1, tokens!), limit: 'tokens' };
  return { most: Math.max(1, affordable), limit: 'cost_usd' };
}

/** The parameters of a turn. */
interface Turn {
  llm: LlmStep;
  known: readonly NamedTool[];
  schema: AnswerSchema | undefined;
  model: string;
  bound: Bound | undefined;
}

/** The result of a turn. Calls of an answer that was cut off are dropped, because the rest of the answer is unknown. */
function resultOf(turn: Turn, answer: ModelAnswer): TurnResult {
  const { text, calls: wanted, cut, usage, given } = answer;
  const { bound } = turn;
  const { model = turn.model } = answer;
  const calls = cut ? [] : wanted.map((call, at) => checkCall(turn, call, at));
  const schema = !cut && calls.length === 0 ? turn.schema : undefined;
  const used = usage.output_tokens >= (bound?.most ?? Infinity);
  return {
    model,
    text,
    calls,
    ...schema?.read(text),
    ...(cut && { cut: used ? bound!.limit : 'max_output_tokens' }),
    usage,
    given: given as unknown as Json,
  };
}

/** A call under the tool's name in the directive, with a `problem` when the call must not be made. */
function checkCall({ llm, known }: Turn, call: TurnCall, at: number): TurnCall {
  const named = known.find(({ spec }) => spec.name === call.tool);
  if (named === undefined || !toolOf(llm, named.tool)) return unknownTool(call, known);
  const own = { ...call, tool: named.tool };
  if (call.problem !== undefined) return own;
  if (at >= MAX_CALLS)
    return { ...own, problem: `only ${MAX_CALLS} tools are called in one turn: call it again` };
  return { ...own, ...checkArguments(named, call.arguments) };
}

function unknownTool(call: TurnCall, known: readonly NamedTool[]): TurnCall {
  const names = known.map(({ spec }) => spec.name).join(', ') || 'none';
  const tool = call.tool.slice(0, 64);
  const problem = `there is no tool "${tool}"; there are: ${names}`.slice(0, MAX_PROBLEM);
  return { ...call, tool, problem };
}

/** The arguments checked against the declared inputs, with defaults filled in, or the problem with them. */
function checkArguments({ inputs: declared }: NamedTool, given: Json): Partial<TurnCall> {
  if (!declared) return {};
  const { inputs, problems } = checkInputs(declared, given as JsonObject);
  if (problems.length === 0) return { arguments: inputs };
  const texts = problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message));
  return { problem: texts.join('; ').slice(0, MAX_PROBLEM) };
}

/** The messages of a past turn: the model's answer, then the answers of its tools, or the problem with its answer. */
function messagesOf({ turn, calls }: PastTurn, known: readonly NamedTool[]): Said[] {
  const named = turn.calls.map((call) => ({
    ...call,
    tool: known.find(({ tool }) => tool === call.tool)?.spec.name ?? plainName(call.tool),
  }));
  // Turns of older versions have no message of their own.
  const given = isObject(turn.given) ? { given: turn.given as unknown as GivenMessage } : {};
  const said: Said[] = [{ role: 'assistant', text: textOf(turn.text), calls: named, ...given }];
  if (named.length > 0) {
    const answers = named.map((call, index) => answerOf(call, calls[index]));
    said.push({ role: 'tools', answers });
  }
  if (turn.problem !== undefined) {
    const text = `This answer is not valid: ${turn.problem}. Answer again, with only the JSON object.`;
    said.push({ role: 'user', text });
  }
  return said;
}

function answerOf({ id, tool, problem }: TurnCall, past: PastCall | undefined): ToolAnswer {
  if (problem !== undefined) return { id, tool, text: `error: ${problem}`, failed: true };
  if (past?.status === 'success') {
    return { id, tool, text: cut(textOf(past.result)), failed: false };
  }
  const { code = 'skipped', message = 'it was not called', data } = past?.error ?? {};
  const more: JsonObject = isObject(data) ? { data } : {};
  return {
    id,
    tool,
    text: cut(`error: ${JSON.stringify({ code, message, ...more })}`),
    failed: true,
  };
}

const cut = (text: string): string =>
  text.length <= MAX_ANSWER
    ? text
    : `${text.slice(0, MAX_ANSWER)}… (cut: ${text.length - MAX_ANSWER} characters more)`;
