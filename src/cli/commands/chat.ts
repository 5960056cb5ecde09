import { createInterface } from 'node:readline';
import type { JsonObject } from '../../contracts/json/json.js';
import { ChatClient, type ThreadView } from '../chat/chat-client.js';
import { ChatView } from '../chat/chat-view.js';
import { slashCommand, type ChatState } from '../chat/slash-commands.js';
import type { ApiClient } from '../client/api-client.js';
import type { Handler } from '../client/command-spec.js';
import type { Session } from '../client/session.js';
import { CliError, EXIT, type ExitCode } from '../terminal/cli-error.js';

const CHANNEL = 'cli';
const SHOWN = 4;

interface ChatOptions {
  thread?: string;
  directive?: string;
  new?: boolean;
}

/** `mission chat [MESSAGE…]`: talks with the platform, line by line, or says one thing. */
export const chat: Handler = async (session, words, raw) => {
  const options = raw as ChatOptions;
  const api = await session.api();
  const talk = new Talk(session, api, options);
  await talk.begin();
  if (words.length > 0) {
    await talk.say(words.join(' '));
    return talk.exit;
  }
  return talk.lines();
};

/** A chat in a terminal, or in a pipe. */
class Talk {
  exit: ExitCode = EXIT.done;
  private client!: ChatClient;
  /** The answer that is being given. */
  private answer: AbortController | undefined;

  constructor(
    private readonly session: Session,
    private readonly api: ApiClient,
    private readonly options: ChatOptions,
  ) {}

  async begin(): Promise<void> {
    const { thread } = this.options;
    if (thread !== undefined) this.client = new ChatClient(this.api, thread);
    else await this.open(this.options.new === true);
    await this.greet();
  }

  async say(message: string): Promise<void> {
    const view = new ChatView(this.session);
    const answer = new AbortController();
    this.answer = answer;
    try {
      await this.client.say(message, {
        signal: answer.signal,
        onEvent: (event) => view.show(event),
        onContact: (reachable) =>
          this.session.note(reachable ? 'connected again' : 'the connection is lost; waiting …'),
      });
      if (view.hasFailed) this.exit = EXIT.failed;
    } catch (error) {
      if (!answer.signal.aborted) throw error;
    } finally {
      this.answer = undefined;
    }
  }

  /** Reads lines until the input ends, `/quit`, or Ctrl-C at the prompt. */
  async lines(): Promise<ExitCode> {
    const { io } = this.session;
    const isTerminal = Boolean((io.in as Partial<NodeJS.ReadStream>).isTTY);
    const lines = createInterface({
      input: io.in as unknown as NodeJS.ReadableStream,
      ...(isTerminal && { output: io.err, prompt: '> ' }),
    });
    const interrupt = () => void this.interrupt(() => lines.close());
    lines.on('SIGINT', interrupt);
    io.signals.on('SIGINT', interrupt);
    if (isTerminal) lines.prompt();
    for await (const line of lines) {
      if (!(await this.line(line.trim()))) break;
      if (isTerminal) lines.prompt();
    }
    lines.close();
    return this.exit;
  }

  /** Ctrl-C stops the answer; where there is none, it ends the chat. */
  private async interrupt(leave: () => void): Promise<void> {
    if (!this.answer) return leave();
    this.session.note('stopping …');
    await this.client.cancel().catch((error: Error) => this.session.note(error.message));
  }

  private async line(text: string): Promise<boolean> {
    if (text === '') return true;
    try {
      if (text.startsWith('/')) return await slashCommand(this.state(), text);
      await this.say(text);
    } catch (error) {
      if (!(error instanceof CliError) || error.exit === EXIT.unreachable) throw error;
      this.session.note(`${error.message}${error.hint ? ` (${error.hint})` : ''}`);
      this.exit = EXIT.failed;
    }
    return true;
  }

  private state(): ChatState {
    return {
      session: this.session,
      api: this.api,
      channel: CHANNEL,
      chat: this.client,
      reopen: () => this.open(true),
      say: (message) => this.say(message),
    };
  }

  /** A conversation of the same user goes on for an hour, unless a new one is wanted. */
  private async open(fresh: boolean): Promise<void> {
    const { directive } = this.options;
    const request: JsonObject = { mode: 'persistent', platform: 'cli' };
    if (!fresh) request['channel'] = CHANNEL;
    if (directive !== undefined) request['directive'] = directive;
    this.client = await ChatClient.open(this.api, request);
  }

  private async greet(): Promise<void> {
    const thread = await this.client.show();
    if (this.session.json) return;
    const { messages_count: count } = thread;
    this.session.note(
      count === 0
        ? `Talk to ${thread.directive}; /help shows the commands. (thread ${thread.thread_id})`
        : `The conversation goes on; /new begins another one. (thread ${thread.thread_id})`,
    );
    for (const { role, content } of lastOf(thread))
      this.session.note(this.session.paint('dim', `${role === 'user' ? '>' : ' '} ${content}`));
  }
}

const lastOf = ({ messages = [] }: ThreadView) => messages.slice(-SHOWN);
