import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import { chatEvents, claudeEvents } from './streamed-answers.js';
import type { ModelConfig } from '../../src/platform/config/config-models.js';

/** A model's configuration with default values. */
export const modelAt = (baseUrl: string, changes: Partial<ModelConfig> = {}): ModelConfig => ({
  provider: 'openai-compatible',
  model: 'small-1',
  baseUrl,
  inputUsdPerMillion: 1,
  outputUsdPerMillion: 10,
  ...changes,
});

/** The scripted response to one request. */
export interface Said {
  text?: string;
  /**
   * Tool calls; arguments given as text are sent unchanged, whether they are
   * valid JSON or not.
   */
  calls?: { tool: string; arguments: Json }[];
  /** Input and output tokens; null omits the usage from the response. */
  usage?: [number, number] | null;
  /**
   * Replaces the whole body, with the given `status`; a text is sent unchanged.
   */
  body?: Json;
  /** Ends the response at the token limit. */
  cut?: boolean;
  /** Responds with an error of this status. */
  status?: number;
  headers?: Record<string, string>;
  /** Replaces the response by a stream of these bytes; the connection stays open after `null`, and breaks after `false`. */
  stream?: (string | Uint8Array | null | false)[];
  /** Sends no response until the client disconnects. */
  hangs?: boolean;
}

/** A received request. */
export interface Asked {
  path: string;
  headers: IncomingMessage['headers'];
  body: any;
  /** True when the client disconnected before the response. */
  aborted: boolean;
}

type Script = Said[] | ((request: Asked, index: number) => Said);

/**
 * A scripted language model on loopback. It speaks OpenAI's Chat Completions
 * and, under `/messages`, Anthropic's API.
 */
export class ModelServer {
  readonly asked: Asked[] = [];
  private script: Script = [];
  private index = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ModelServer> {
    const server = createServer((request, response) => void answer(request, response));
    const models = new ModelServer(server);
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      models.answer(request, response);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return models;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Sets the next responses in order, and clears the recorded requests. */
  says(...script: Said[] | [Exclude<Script, Said[]>]): void {
    this.script = typeof script[0] === 'function' ? script[0] : (script as Said[]);
    this.index = 0;
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null');
    const asked: Asked = { path: request.url!, headers: request.headers, body, aborted: false };
    this.asked.push(asked);
    response.on('close', () => (asked.aborted = !response.writableEnded));
    const index = this.index++;
    const { script } = this;
    const said = typeof script === 'function' ? script(asked, index) : script[index];
    if (said?.hangs) return;
    if (said?.stream) return stream(response, said);
    const status = said ? (said.status ?? 200) : 500;
    const isAnthropic = request.url!.endsWith('/messages');
    const inOrder = said && status === 200;
    if (inOrder && body.stream && said.body === undefined) {
      const events = isAnthropic ? claudeEvents(anthropic(said)) : chatEvents(openai(said));
      return stream(response, { ...said, stream: events });
    }
    response.writeHead(status, { 'content-type': 'application/json', ...said?.headers });
    const error = { type: 'api_error', message: said ? `told ${status}` : 'nothing left to say' };
    const whole = inOrder ? (isAnthropic ? anthropic : openai)(said) : { type: 'error', error };
    response.end(jsonOf(said?.body ?? whole));
  }
}

/** Sends pieces of a stream, each in a packet of its own. */
async function stream(response: ServerResponse, { stream: pieces = [], headers }: Said) {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...headers });
  response.flushHeaders();
  for (const piece of pieces) {
    if (piece === null) return;
    if (piece === false) return void response.destroy();
    response.write(piece);
    await new Promise(setImmediate);
  }
  response.end();
}

let ids = 0;
const jsonOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function openai({ text = '', calls = [], usage = [10, 5], cut }: Said): JsonObject {
  const tool_calls = calls.map(({ tool, arguments: given }) => ({
    id: `call_${++ids}`,
    type: 'function',
    function: { name: tool, arguments: jsonOf(given) },
  }));
  const finish_reason = cut ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';
  const message = { role: 'assistant', content: text, ...(calls.length > 0 && { tool_calls }) };
  const [prompt_tokens, completion_tokens] = usage ?? [0, 0];
  const total_tokens = prompt_tokens + completion_tokens;
  return {
    id: `answer_${++ids}`,
    object: 'chat.completion',
    created: 1,
    model: 'scripted',
    choices: [{ index: 0, message, finish_reason }],
    ...(usage && { usage: { prompt_tokens, completion_tokens, total_tokens } }),
  };
}

function anthropic({ text, calls = [], usage = [10, 5], cut }: Said): JsonObject {
  const texts = text === undefined ? [] : [{ type: 'text', text }];
  const uses = calls.map(({ tool, arguments: input }) => ({
    type: 'tool_use',
    id: `toolu_${++ids}`,
    name: tool,
    input,
  }));
  return {
    id: `msg_${++ids}`,
    type: 'message',
    role: 'assistant',
    model: 'scripted',
    content: [...texts, ...uses],
    stop_reason: cut ? 'max_tokens' : calls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    ...(usage && { usage: { input_tokens: usage[0], output_tokens: usage[1] } }),
  };
}
