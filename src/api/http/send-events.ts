import type { Response } from 'express';
import type { ThreadFollower } from '../../threads/events/thread-follower.js';
import { EventStream } from './streams/event-stream.js';

/**
 * Sends events of a thread as server-sent events until the client goes, or until the answer to one message has ended.
 * A slow client slows its own reader only.
 */
export async function sendEvents(
  response: Response,
  events: ThreadFollower,
  { messageId }: { messageId?: string } = {},
): Promise<void> {
  const stream = new EventStream(response);
  response.once('close', () => events.close());
  stream.open();
  try {
    for await (const { seq, type, message_id, data } of events) {
      if (messageId !== undefined && message_id !== messageId) continue;
      await stream.send({ type, message_id, ...data }, seq);
      if (messageId !== undefined && type === 'message_stop') break;
    }
  } finally {
    stream.end();
  }
}
