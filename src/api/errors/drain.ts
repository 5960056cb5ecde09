import type { IncomingMessage } from 'node:http';

const TIMEOUT_MS = 1_000;

/**
 * Reads and drops the rest of a request's body, for at most a second. If the connection were closed with unread data,
 * the client would see a reset instead of the response.
 */
export function drain(request: IncomingMessage): Promise<void> {
  if (request.complete) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, TIMEOUT_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', done).once('close', done).once('error', done).resume();
  });
}
