import { once } from 'node:events';
import type { Response } from 'express';
import type { ThreadEvent } from '../../contracts/thread.js';
import type { ThreadFollower } from '../../threads/events/thread-follower.js';

const HEARTBEAT_MS = 15_000;

/**
 * Sends events of a thread as server-sent events until the client goes, or until the answer to one message has ended.
 * A slow client slows its own reader only.
 */
export async function sendEvents(
  response: Response,
  events: ThreadFollower,
  { messageId }: { messageId?: string } = {},
): Promise<void> {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  response.once('close', () => events.close());
  const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), HEARTBEAT_MS);
  try {
    for await (const event of events) {
      if (messageId !== undefined && event.message_id !== messageId) continue;
      if (!response.write(eventText(event))) await drained(response);
      if (messageId !== undefined && event.type === 'message_stop') break;
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

const drained = (response: Response): Promise<unknown> =>
  Promise.race([once(response, 'drain'), once(response, 'close')]);

function eventText({ seq, type, message_id, data }: ThreadEvent): string {
  return `id: ${seq}\ndata: ${JSON.stringify({ type, message_id, ...data })}\n\n`;
}
