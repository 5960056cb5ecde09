import {
  isJSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Client,
  type Transport,
} from '@modelcontextprotocol/client';

const refusal = (method: string) =>
  `Method not found: ${method}. Mission Control cannot answer requests of a server; declare everything that you need as arguments of the tool`;

/**
 * Refuses a server's requests during a call (input, a model, folders), so that
 * it does not wait for ever. Call it before the client connects. In revision
 * 2026-07-28 servers send no such requests, and the SDK ignores them.
 */
export function refuseRequests(
  client: Client,
  transport: Transport,
  onRefused: (method: string) => void,
): void {
  const code = ProtocolErrorCode.MethodNotFound;
  client.fallbackRequestHandler = async ({ method }) => {
    onRefused(method);
    throw new ProtocolError(code, refusal(method));
  };
  transport.onmessage = (message) => {
    if (client.getProtocolEra() !== 'modern' || !isJSONRPCRequest(message)) return;
    const { id, method } = message;
    onRefused(method);
    transport
      .send({ jsonrpc: '2.0', id, error: { code, message: refusal(method) } })
      .catch(() => undefined);
  };
}
