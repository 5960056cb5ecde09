import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { ChatClient } from '../../../src/cli/chat/chat-client.js';
import type { ChatEvent } from '../../../src/cli/chat/chat-events.js';
import { ApiClient } from '../../../src/cli/client/api-client.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Answers each request by the next function, and notes what was asked. */
async function api(...answers: ((response: ServerResponse) => void)[]) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['last-event-id'] ?? '-'}`);
    answers.shift()!(response);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, client: new ChatClient(new ApiClient({ url, key: 'k' }), 't') };
}

const event = (id: number, type: string) =>
  `id: ${id}\ndata: ${JSON.stringify({ type, message_id: 'm' })}\n\n`;

async function say(client: ChatClient) {
  const events: string[] = [];
  const contacts: boolean[] = [];
  await client.say('Hello.', {
    signal: new AbortController().signal,
    onEvent: ({ type }: ChatEvent) => void events.push(type),
    onContact: (reachable) => void contacts.push(reachable),
  });
  return { events, contacts };
}

test('a stream that breaks is resumed behind its last event', async () => {
  const { client, asked } = await api(
    (response) => {
      response.write(event(4, 'message_start') + ': heartbeat\n\n');
      setTimeout(() => response.destroy(), 50);
    },
    (response) => response.destroy(),
    (response) => response.end(event(5, 'turn_start')),
    (response) => response.end(event(6, 'message_stop')),
  );
  expect(await say(client)).toEqual({
    events: ['message_start', 'turn_start', 'message_stop'],
    contacts: [false, true],
  });
  expect(asked).toEqual([
    'POST /threads/t/message -',
    'GET /threads/t/stream?message_id=m 4',
    'GET /threads/t/stream?message_id=m 4',
    'GET /threads/t/stream?message_id=m 5',
  ]);
});

test('a refusal is not asked again', async () => {
  const { client, asked } = await api((response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"error":{"code":"not_found","message":"There is no thread t."}}');
  });
  await expect(say(client)).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toHaveLength(1);
});
