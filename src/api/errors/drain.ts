import type { IncomingMessage } from 'node:http';

const PATIENCE_MS = 1_000;

/**
 * Reads and drops what a client is still sending. An answer that is followed by a close over unread data would be
 * lost: the client sees a reset instead.
 */
export function drain(request: IncomingMessage): Promise<void> {
  if (request.complete) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', done).once('close', done).once('error', done).resume();
  });
}
