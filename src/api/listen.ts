import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MissionError } from '../contracts/errors.js';

/** Upper bound on connections that wait to be accepted: thousands of clients may connect at once. */
const BACKLOG = 4_096;

/**
 * Listens, and returns the port, which the system chooses when `port` is 0.
 * @throws MissionError `unavailable` when the port is taken or the address is not one of this machine
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new MissionError('unavailable', explain(cause, host, port), undefined, { cause });
  }
  return (server.address() as AddressInfo).port;
}

function explain(cause: unknown, host: string, port: number): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken. Set PORT to another one, or to 0 for any free one.`;
  }
  return `The API cannot listen on ${host}:${port}: ${message}. Set HOST and PORT.`;
}
