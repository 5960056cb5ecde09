import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** True when a server could listen there now. */
export const isFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

/**
 * Where free ports are looked for: below those that systems give to outgoing connections (Linux from 32768,
 * others from 49152). One of those may be lost between the moment it is found and the moment it is bound.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;
const ATTEMPTS = 100;

/** The wanted port when it is free, else any free one; 0 = any. */
export async function freePort(wanted = 0, host = '127.0.0.1'): Promise<number> {
  if (wanted !== 0 && (await isFree(wanted, host))) return wanted;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port, host)) return port;
  }
  throw new Error(`no free port on ${host} from ${LOWEST} to ${HIGHEST}`);
}
