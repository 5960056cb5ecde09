import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Instance } from './instance.js';

/** An event of a thread's stream, as a client receives it. */
export interface StreamedEvent {
  id: string;
  data: any;
}

export interface HttpAnswer {
  status: number;
  body: any;
}

/** A client of the threads of an instance, over HTTP. */
export class ThreadClient {
  constructor(private readonly instance: Pick<Instance, 'addresses' | 'key'>) {}

  async request(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    const response = await this.fetch(method, path, body);
    return { status: response.status, body: await response.json() };
  }

  async open(body: object = {}): Promise<string> {
    const { status, body: answer } = await this.request('POST', '/threads', body);
    if (status !== 201) throw new Error(JSON.stringify(answer));
    return answer.thread_id;
  }

  post(id: string, body: object): Promise<HttpAnswer> {
    return this.request('POST', `/threads/${id}/message`, body);
  }

  async say(id: string, message: string): Promise<any> {
    return (await this.post(id, { message })).body;
  }

  /** The events of the answer to a message, to its end. */
  async stream(id: string, message: string): Promise<StreamedEvent[]> {
    const path = `/threads/${id}/message`;
    const response = await this.fetch('POST', path, { message, stream: true });
    return read(response, Infinity);
  }

  /** The next events after one, without waiting for more. */
  async resume(id: string, last: string, count: number): Promise<StreamedEvent[]> {
    const headers = { 'last-event-id': last };
    return read(await this.fetch('GET', `/threads/${id}/stream`, undefined, headers), count);
  }

  async show(id: string): Promise<any> {
    return (await this.request('GET', `/threads/${id}`)).body;
  }

  async cancel(id: string, body: object = {}): Promise<any> {
    return (await this.request('POST', `/threads/${id}/cancel`, body)).body;
  }

  private fetch(method: string, path: string, body?: unknown, headers: object = {}) {
    return fetch(this.instance.addresses.api + path, {
      method,
      headers: {
        authorization: `Bearer ${this.instance.key}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

async function read(response: Response, count: number): Promise<StreamedEvent[]> {
  if (response.status !== 200) throw new Error(await response.text());
  const events: StreamedEvent[] = [];
  const stream = response
    .body!.pipeThrough(new TextDecoderStream() as never)
    .pipeThrough(new EventSourceParserStream());
  for await (const { id, data } of stream as AsyncIterable<{ id?: string; data: string }>) {
    events.push({ id: id!, data: JSON.parse(data) });
    if (events.length === count) break;
  }
  return events;
}
