import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { TestApi } from '../support.js';

const NAME = { name: 'test', version: '1' };

export const keyed = (key: string) => ({
  requestInit: { headers: { authorization: `Bearer ${key}` } },
});

/** A client of the second generation of the SDK. */
export async function openClient(
  { url, key }: Pick<TestApi, 'url' | 'key'>,
  { mode = { pin: '2026-07-28' } as any, capabilities = {} as any } = {},
): Promise<Client> {
  const client = new Client(NAME, { capabilities, versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), keyed(key)));
  return client;
}

/** A client of the first generation of the SDK. */
export async function openClientV1({ url, key }: Pick<TestApi, 'url' | 'key'>): Promise<ClientV1> {
  const client = new ClientV1(NAME);
  await client.connect(new TransportV1(new URL(`${url}/mcp`), keyed(key)) as any);
  return client;
}

/** One request of 2026-07-28 as raw JSON, with the client capabilities that it declares. */
export function modern(method: string, params: any = {}, clientCapabilities: any = {}) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': NAME,
    'io.modelcontextprotocol/clientCapabilities': clientCapabilities,
  };
  const name = params.name ?? params.taskId ?? params.uri;
  const headers = {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(name !== undefined && { 'mcp-name': name }),
  };
  return { body: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }, headers };
}

/** The answer to a raw request. */
export async function ask(
  api: TestApi,
  method: string,
  params?: any,
  capabilities?: any,
): Promise<any> {
  const { body, headers } = modern(method, params, capabilities);
  return (await api.post('/mcp', body, { headers })).body;
}
