import type { JsonObject } from '../../contracts/json/json.js';
import { textOf as shown } from '../../contracts/json/json.js';
import type { ThreadAnswer } from '../../threads/thread-answers.js';
import type { PostedMessage, ThreadMessages } from '../../threads/thread-messages.js';
import type { OpenThread, ThreadService } from '../../threads/thread-service.js';
import { TextIndex } from '../../search/text-index.js';
import { actionIn, countIn, objectIn, requiredText, textOf } from '../call/arguments.js';
import { needs, needsInRun, PATIENCE_MS, type VerbCaller } from '../call/verb-caller.js';
import { type Item, pageOf, type SearchAnswer } from './item.js';

const ACTIONS = ['message', 'read', 'pause', 'resume', 'cancel'] as const;

export interface ThreadItemOptions {
  threads: ThreadService;
  messages: ThreadMessages;
  answers: {
    wait(posted: PostedMessage, ms: number, signal?: AbortSignal): Promise<ThreadAnswer | null>;
  };
}

/** Conversations of the caller. */
export class ThreadItem implements Item {
  constructor(private readonly options: ThreadItemOptions) {}

  async search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    needs(caller, 'read:executions');
    const threads = await this.options.threads.list(caller.principal, 100);
    const items = threads.map((thread) => ({
      thread,
      title: thread.id,
      text: `${thread.directive_name} ${thread.channel ?? ''} ${thread.status}`,
    }));
    const rows = new TextIndex(items)
      .search(textOf(args, 'query') ?? '')
      .map(({ item: { thread }, score }) => ({
        id: thread.id,
        type: 'thread',
        score,
        preview: `${thread.directive_name}, ${thread.status}`,
        metadata: {
          directive: thread.directive_name,
          status: thread.status,
          mode: thread.mode,
          channel: thread.channel,
          messages: thread.message_seq,
        },
        source: 'project',
      }));
    return pageOf(rows, countIn(args, 'limit', 10, 100));
  }

  async load(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    needs(caller, 'read:executions');
    return this.read(requiredText(args, 'item_id'), caller);
  }

  async execute(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    const action = actionIn(args, ACTIONS);
    const id = requiredText(args, 'item_id');
    if (action === 'read') {
      needs(caller, 'read:executions');
      return this.read(id, caller);
    }
    needs(caller, 'execute:directives');
    needsInRun(caller, 'execute:kernel:execute', `To ${action} in a thread`);
    const { messages } = this.options;
    const about = { item_id: id, item_type: 'thread', action };
    const parameters = objectIn(args, 'parameters');
    switch (action) {
      case 'message':
        return { ...about, ...(await this.say(id, requiredText(parameters, 'message'), caller)) };
      case 'pause':
        await messages.pause(caller.principal, id);
        return { ...about, status: 'paused' };
      case 'resume':
        await messages.resume(caller.principal, id);
        return { ...about, status: 'running' };
      case 'cancel':
        return {
          ...about,
          cancelled: await messages.cancel(caller.principal, id, {
            close: parameters['close'] === true,
          }),
        };
    }
  }

  /** Opens a thread of a directive, and sends its first message. */
  async open(
    directive: string,
    { parameters, inputs }: { parameters: JsonObject; inputs: JsonObject },
    caller: VerbCaller,
  ): Promise<JsonObject> {
    const { request, user_context: _, ...rest } = inputs;
    const texts = ['mode', 'channel', 'platform', 'project_path'] as const;
    const given = Object.fromEntries(
      texts.flatMap((name) => {
        const value = textOf(parameters, name) ?? textOf(rest, name);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as OpenThread;
    const own = Object.fromEntries(
      Object.entries(rest).filter(([name]) => !texts.some((each) => each === name)),
    );
    const mode = given.mode ?? 'single_shot';
    const thread = await this.options.threads.open(caller.principal, {
      ...given,
      mode,
      directive,
      inputs: own,
    });
    const message =
      request === undefined
        ? `Follow the directive. Its inputs: ${JSON.stringify(inputs)}`
        : shown(request);
    return { thread_id: thread.id, ...(await this.say(thread.id, message, caller)) };
  }

  private async say(id: string, message: string, caller: VerbCaller): Promise<JsonObject> {
    const { messages, answers } = this.options;
    const client = caller.run ? { client_id: caller.run.key } : {};
    const posted = await messages.post(caller.principal, id, { message, ...client });
    const about = { thread_id: id, message_id: posted.message_id };
    caller.onAwait?.({ ...about, after: posted.after });
    const answer = await answers.wait(posted, caller.patienceMs ?? PATIENCE_MS, caller.signal);
    if (!answer) return { ...about, status: 'running', response: '', success: true };
    const { status, content, execution_id, error, tokens_used, duration_ms } = answer;
    return {
      ...about,
      success: status === 'done',
      status,
      response: content,
      execution_id,
      error: error?.message ?? null,
      metadata: { tokens_used, duration_ms },
    };
  }

  private async read(id: string, { principal }: VerbCaller): Promise<JsonObject> {
    const thread = await this.options.threads.find(principal, id);
    const messages = await this.options.threads.messages(principal, id);
    return {
      item_id: id,
      item_type: 'thread',
      source: 'project',
      metadata: { directive: thread.directive_name, status: thread.status, mode: thread.mode },
      messages: messages.map(({ seq, role, content, status }) => ({ seq, role, content, status })),
    };
  }
}
