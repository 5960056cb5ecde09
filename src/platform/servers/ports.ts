import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** True when a server could listen on this port now. */
export const isFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

/**
 * Range of free ports: below the range for outgoing connections (Linux from
 * 32768, others from 49152), where a port may be taken between the check and
 * the bind.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;
const ATTEMPTS = 100;

/**
 * Returns the wanted port when it is free, otherwise any free one; 0 means any.
 */
export async function freePort(wanted = 0, host = '127.0.0.1'): Promise<number> {
  if (wanted !== 0 && (await isFree(wanted, host))) return wanted;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port, host)) return port;
  }
  throw new Error(`no free port on ${host} from ${LOWEST} to ${HIGHEST}`);
}
