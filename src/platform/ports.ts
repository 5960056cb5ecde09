import { createServer } from 'node:net';

function listen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const { port: bound } = server.address() as { port: number };
      server.close(() => resolve(bound));
    });
  });
}

/** True when a server could listen there now. */
export const isFree = async (port: number, host = '127.0.0.1'): Promise<boolean> =>
  (await listen(port, host)) !== undefined;

/** The wanted port when it is free, else any free one; 0 = any. */
export async function freePort(wanted = 0, host = '127.0.0.1'): Promise<number> {
  const port = (await listen(wanted, host)) ?? (await listen(0, host));
  if (port === undefined) throw new Error(`no free port on ${host}`);
  return port;
}
