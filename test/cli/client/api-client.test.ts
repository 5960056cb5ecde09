import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ApiClient } from '../../../src/cli/client/api-client.js';

let server: Server | undefined;

async function listen(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server!.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, body: string) =>
  listen((_, response) => response.writeHead(status).end(body));
const ask = (url: string, timeoutMs?: number) =>
  new ApiClient({ url, key: 'k1' }, timeoutMs).graphql('{ x }', { a: 1 });

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

describe('API client', () => {
  test('sends query, variables and key, and gives the data', async () => {
    let seen = '';
    const url = await listen(async (request, response) => {
      for await (const chunk of request) seen += chunk;
      seen += ` ${request.headers.authorization}`;
      response.end('{"data":{"x":1}}');
    });
    expect(await ask(url)).toEqual({ x: 1 });
    expect(seen).toBe('{"query":"{ x }","variables":{"a":1}} Bearer k1');
  });

  test.each([
    [200, '{"errors":[{"message":"m","extensions":{"code":"input_invalid"}}]}', 2, 'input_invalid'],
    [200, '{"errors":[{"message":"m","extensions":{"code":"not_found"}}]}', 2, 'not_found'],
    [
      200,
      '{"errors":[{"message":"m","extensions":{"code":"directive_invalid"}}]}',
      1,
      'directive_invalid',
    ],
    [200, '{"errors":[{"message":"m"}]}', 1, 'internal'],
    [401, '{"error":{"code":"unauthenticated","message":"m"}}', 2, 'unauthenticated'],
    [503, '{"error":{"code":"unavailable","message":"m"}}', 3, 'unavailable'],
    [502, '{}', 3, 'unavailable'],
    [200, '<html>', 3, 'unavailable'],
  ])('%i %s exits %i', async (status, body, exit, code) => {
    await expect(ask(await answering(status, body))).rejects.toMatchObject({ exit, code });
  });

  test.each([
    [405, '{"detail":"Method Not Allowed"}'],
    [404, '{"error":"not found"}'],
    [200, '{"errors":["no"]}'],
    [200, '{}'],
    [200, 'null'],
    [404, '<html>'],
  ])('takes %i %s for another program and says what to set', async (status, body) => {
    await expect(ask(await answering(status, body))).rejects.toMatchObject({
      exit: 3,
      message: expect.stringMatching(
        new RegExp(`answered HTTP ${status} with .*: another program may be running`),
      ),
      hint: 'set PORT, MISSION_URL or --url to the address of Mission Control',
    });
  });

  test('says how to start what does not listen', async () => {
    await expect(ask('http://127.0.0.1:1')).rejects.toMatchObject({
      exit: 3,
      message: 'nothing listens at http://127.0.0.1:1',
      hint: 'start it with mission up',
    });
  });

  test('does not wait for ever', async () => {
    const url = await listen(() => undefined);
    await expect(ask(url, 100)).rejects.toMatchObject({
      exit: 3,
      message: `${url} did not answer in time`,
    });
  });
});
