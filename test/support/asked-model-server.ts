import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import type { ModelConfig } from '../../src/platform/config/config-models.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import type { ModelAnswer, ModelRequest, Said } from '../../src/contracts/model.js';
import { Models } from '../../src/tools/models/models.js';
import { modelAt, ModelServer, type Said as Scripted } from './model-server.js';

export const HELLO: Said = { role: 'user', text: 'hello' };
const TOOLS = ['a', 'b'].map((name) => ({ name, description: name, schema: { type: 'object' } }));

/** A response body of Chat Completions. */
export const chat = (
  message: JsonObject,
  choice: JsonObject = {},
  top: JsonObject = {},
): JsonObject => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, ...choice }],
  usage: { prompt_tokens: 10, completion_tokens: 5 },
  ...top,
});

/** A response body of Anthropic's API. */
export const claude = (content: Json, more: JsonObject = {}): JsonObject => ({
  type: 'message',
  content,
  stop_reason: 'end_turn',
  usage: { input_tokens: 10, output_tokens: 5 },
  ...more,
});

export const ANTHROPIC = { provider: 'anthropic' } as const;

/** The shape of a tool call in each API. */
export const SHAPES = [
  {
    name: 'openai-compatible',
    changes: {},
    call: (id: Json | undefined, tool: string, given: Json | undefined): JsonObject => ({
      ...(id !== undefined && { id }),
      function: { name: tool, ...(given !== undefined && { arguments: given }) },
    }),
    answer: (...calls: JsonObject[]) => chat({ content: null, tool_calls: calls }),
  },
  {
    name: 'anthropic',
    changes: ANTHROPIC,
    call: (id: Json | undefined, tool: string, given: Json | undefined): JsonObject => ({
      ...{ type: 'tool_use', name: tool },
      ...(id !== undefined && { id }),
      ...(given !== undefined && { input: given }),
    }),
    answer: (...calls: JsonObject[]) => claude(calls, { stop_reason: 'tool_use' }),
  },
];

/** Asks a model on a scripted server. */
export class AskedModelServer {
  private constructor(readonly server: ModelServer) {}

  static async start(): Promise<AskedModelServer> {
    return new AskedModelServer(await ModelServer.start());
  }

  stop = (): Promise<void> => this.server.stop();

  /** Runs one turn with this response body; a retry would get "second". */
  ask = (
    body: Json,
    changes: Partial<ModelConfig> = {},
    request: Partial<ModelRequest> = {},
    status = 200,
  ): Promise<ModelAnswer> => {
    this.server.says({ body, status }, { text: 'second' });
    return this.told(changes, request);
  };

  /** Runs one turn with a streamed response; `heard` gets the pieces of text. */
  stream = (
    stream: NonNullable<Scripted['stream']>,
    changes: Partial<ModelConfig> = {},
    heard: string[] = [],
  ): Promise<ModelAnswer> => {
    this.server.says({ stream }, { text: 'second' });
    return this.told(changes, {}, (piece) => heard.push(piece));
  };

  private told(
    changes: Partial<ModelConfig>,
    request: Partial<ModelRequest>,
    onText?: (piece: string) => void,
  ): Promise<ModelAnswer> {
    const models = new Models({
      models: { m: modelAt(this.server.url, { apiKey: 'key-of-nobody-9876', ...changes }) },
      secrets: { resolve: async (name) => `value of ${name}` },
      redactor: new Redactor(),
    });
    const whole = { model: 'm', system: '', said: [HELLO], tools: TOOLS, ...request };
    const { signal } = new AbortController();
    return models.ask(whole, { timeoutMs: 5_000, signal, ...(onText && { onText }) });
  }

  /** Runs a second turn after the tool calls of the first. */
  again = (first: ModelAnswer, changes: Partial<ModelConfig> = {}): Promise<ModelAnswer> => {
    const { text, calls, given } = first;
    const answers = calls.map(({ id, tool }) => ({ id, tool, text: `of ${id}`, failed: false }));
    const said: Said[] = [HELLO, { role: 'assistant', text, calls, given }];
    said.push(calls.length > 0 ? { role: 'tools', answers } : { role: 'user', text: 'go on' });
    const body = changes.provider === 'anthropic' ? claude('x') : chat({ content: 'x' });
    return this.ask(body, changes, { said });
  };

  /** The body of the request with this index. */
  sent = (index = 0): any => this.server.asked[index]!.body;

  /** The assistant's message in that request. */
  sentBack = (index = 0): any =>
    this.sent(index).messages.find(({ role }: any) => role === 'assistant');
}
