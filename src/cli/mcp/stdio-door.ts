import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { Connection } from '../client/api-client.js';
import { headersOf } from './message-headers.js';

const PARSE_ERROR = -32700;
const INTERNAL_ERROR = -32603;

/**
 * The MCP server of a running Mission Control, for a client that talks over stdin and stdout. It passes each message on
 * and keeps nothing but the requests under way, so that Mission Control may be restarted meanwhile.
 */
export class StdioDoor {
  /** Requests under way, by their ids as JSON: cancelling one closes its request to the API. */
  private readonly open = new Map<string, AbortController>();
  private agreed: string | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly out: NodeJS.WritableStream,
    private readonly note: (text: string) => void,
  ) {}

  /** Serves until the input ends. Requests under way are then left: their runs go on. */
  async serve(input: AsyncIterable<Buffer | string>): Promise<void> {
    for await (const line of createInterface({ input: Readable.from(input), crlfDelay: Infinity }))
      if (line.trim() !== '') this.receive(line);
    for (const request of this.open.values()) request.abort();
  }

  private receive(line: string): void {
    const message = parsed(line);
    if (!message) return this.fail(null, PARSE_ERROR, 'The line is no JSON object.');
    const { method, params, id } = message;
    if (method === 'notifications/cancelled' && isObject(params ?? null))
      this.open.get(JSON.stringify((params as JsonObject)['requestId'] ?? null))?.abort();
    else void this.forward(message, id ?? null);
  }

  private async forward(message: JsonObject, id: Json): Promise<void> {
    const key = JSON.stringify(id);
    const gone = new AbortController();
    if (id !== null) this.open.set(key, gone);
    try {
      await this.pass(await this.post(message, gone.signal), message);
    } catch (error) {
      if (!gone.signal.aborted) this.fail(id, INTERNAL_ERROR, reasonOf(error, this.connection.url));
    } finally {
      if (this.open.get(key) === gone) this.open.delete(key);
    }
  }

  private post(message: JsonObject, signal: AbortSignal): Promise<Response> {
    const { url, key } = this.connection;
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headersOf(message, this.agreed),
      ...(key && { authorization: `Bearer ${key}` }),
    };
    return fetch(`${url}/mcp`, { method: 'POST', headers, body: JSON.stringify(message), signal });
  }

  private async pass(response: Response, request: JsonObject): Promise<void> {
    const type = response.headers.get('content-type') ?? '';
    if (type.includes('text/event-stream') && response.body)
      return this.passEvents(response.body, request);
    const text = await response.text();
    if (text === '' && response.ok) return;
    const answer = parsed(text);
    if (answer?.['jsonrpc'] === '2.0') return this.answer(answer, request);
    const error = isObject(answer?.['error'] ?? null) ? (answer!['error'] as JsonObject) : {};
    const reason = error['message'] ?? `${this.connection.url} answered HTTP ${response.status}`;
    this.fail(request['id'] ?? null, INTERNAL_ERROR, String(reason));
  }

  private async passEvents(body: ReadableStream<Uint8Array>, request: JsonObject): Promise<void> {
    const events = body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .pipeThrough(new EventSourceParserStream());
    let answered = false;
    for await (const { data } of events) {
      const message = parsed(data);
      if (!message) continue;
      answered ||= message['id'] === request['id'] && !('method' in message);
      this.answer(message, request);
    }
    if (!answered && request['id'] !== undefined) throw new Error('the answer was cut off');
  }

  private answer(message: JsonObject, request: JsonObject): void {
    const result = isObject(message['result'] ?? null) ? (message['result'] as JsonObject) : {};
    if (request['method'] === 'initialize' && typeof result['protocolVersion'] === 'string')
      this.agreed = result['protocolVersion'];
    this.write(message);
  }

  /** Answers a request that failed; a failed notification has no answer, so it is told to people. */
  private fail(id: Json, code: number, message: string): void {
    if (id === null && code !== PARSE_ERROR) return this.note(message);
    this.write({ jsonrpc: '2.0', id, error: { code, message } });
  }

  private write(message: JsonObject): void {
    this.out.write(`${JSON.stringify(message)}\n`);
  }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown, url: string): string {
  const { message, cause } = error as Error;
  const { code } = (cause ?? {}) as { code?: string };
  if (code === 'ECONNREFUSED')
    return `Nothing listens at ${url}. Start Mission Control with mission up.`;
  return `${url}: ${message}${code ? ` (${code})` : ''}. See mission doctor.`;
}
