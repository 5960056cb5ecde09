import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { JsonObject } from '../../contracts/json/json.js';
import type { ApiClient } from '../client/api-client.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { ChatEvent } from './chat-events.js';

const RETRY_MS = 500;
const GIVE_UP_MS = 300_000;

/** A thread, as far as the chat shows it. */
export interface ThreadView {
  thread_id: string;
  directive: string;
  status: string;
  project_path: string | null;
  messages_count: number;
  messages?: { role: string; content: string; status: string; created_at: string }[];
}

export interface ChatCallbacks {
  onEvent(event: ChatEvent): void;
  /** Called when the API is lost, and when it answers again. */
  onContact(reachable: boolean): void;
  signal: AbortSignal;
}

/** One conversation with a running Mission Control. */
export class ChatClient {
  constructor(
    private readonly api: ApiClient,
    readonly threadId: string,
  ) {}

  static async open(api: ApiClient, request: JsonObject): Promise<ChatClient> {
    const { thread_id } = await api.rest<{ thread_id: string }>('POST', '/threads', request);
    return new ChatClient(api, thread_id);
  }

  show(): Promise<ThreadView> {
    return this.api.rest('GET', `/threads/${this.threadId}`);
  }

  cancel(): Promise<{ cancelled: number }> {
    return this.api.rest('POST', `/threads/${this.threadId}/cancel`, {});
  }

  /**
   * Sends a message and reports the events of its answer, each once, to the end of the answer. A lost connection is
   * resumed; because of the client's id the message is sent once.
   */
  async say(message: string, callbacks: ChatCallbacks): Promise<void> {
    const body = { message, stream: true, client_id: crypto.randomUUID() };
    const at: { last?: string; messageId?: string } = {};
    let awaySince: number | undefined;
    for (;;) {
      try {
        const stream = await this.stream(body, at, callbacks.signal);
        if (awaySince !== undefined) callbacks.onContact(true);
        awaySince = undefined;
        if (await this.relay(stream, at, callbacks)) return;
      } catch (error) {
        callbacks.signal.throwIfAborted();
        if (error instanceof CliError && error.exit !== EXIT.unreachable) throw error;
        if (awaySince === undefined) callbacks.onContact(false);
        awaySince ??= Date.now();
        if (Date.now() - awaySince > GIVE_UP_MS) throw error;
      }
      await sleep(RETRY_MS, undefined, { signal: callbacks.signal });
    }
  }

  private stream(
    body: JsonObject,
    { last, messageId }: { last?: string; messageId?: string },
    signal: AbortSignal,
  ) {
    const path = `/threads/${this.threadId}`;
    if (last === undefined) return this.api.events('POST', `${path}/message`, { body, signal });
    const headers = { 'last-event-id': last };
    return this.api.events('GET', `${path}/stream?message_id=${messageId}`, { headers, signal });
  }

  /** True when the answer has ended; false when the stream ended before. */
  private async relay(
    stream: ReadableStream<Uint8Array>,
    at: { last?: string; messageId?: string },
    { onEvent }: ChatCallbacks,
  ): Promise<boolean> {
    const events = stream
      .pipeThrough(new TextDecoderStream() as never)
      .pipeThrough(new EventSourceParserStream());
    for await (const { id, data } of events as unknown as AsyncIterable<{
      id?: string;
      data: string;
    }>) {
      const event = JSON.parse(data) as ChatEvent;
      if (id !== undefined) at.last = id;
      at.messageId = event.message_id;
      onEvent(event);
      if (event.type === 'message_stop') return true;
    }
    return false;
  }
}
