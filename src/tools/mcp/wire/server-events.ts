import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { errorText } from './error-text.js';
import { errorMessage, FAULT } from './error-message.js';
import { excerpt } from './excerpt.js';
import type { OpenRequest, OpenRequests } from './open-requests.js';
import { readLine } from './server-line.js';

const encoder = new TextEncoder();

/**
 * Reads a stream of server-sent events and repairs each message. If the stream
 * ends without the answer and without an event id to resume from, the answer is
 * an error, because the server will not send it any more.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  open: OpenRequests,
  asked: readonly OpenRequest[],
): AsyncGenerator<Uint8Array> {
  const out: string[] = [];
  let resumable = false;
  let odd = '';
  const parser = createParser({
    onRetry: (ms) => out.push(`retry: ${ms}\n\n`),
    onEvent: (event) => {
      resumable ||= Boolean(event.id);
      const read = messagesOf(event, open);
      if (read.odd) odd = `; it sent ${excerpt(event.data)}`;
      out.push(...read.events);
    },
  });
  let end = 'its answer ended before it was complete';
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      parser.feed(chunk);
      yield* out.splice(0).map((text) => encoder.encode(text));
    }
  } catch (error) {
    if (resumable) throw error;
    end = `its answer was interrupted: ${errorText(error)}`;
  }
  if (resumable) return;
  for (const request of asked.filter((each) => open.isOpen(each))) {
    open.close(request);
    const data = JSON.stringify(errorMessage(request, end + odd, FAULT.brokenOff));
    yield encoder.encode(`data: ${data}\n\n`);
  }
}

/**
 * Reads the messages of an event. The event's id goes to the last of them,
 * because the stream can be resumed only after that one.
 */
function messagesOf({ id, event, data }: EventSourceMessage, open: OpenRequests) {
  const mark = id === undefined ? '' : `id: ${id}\n`;
  const isOther = event !== undefined && event !== '' && event !== 'message';
  const { messages, odd, unanswered } = isOther
    ? { messages: [], odd: false, unanswered: undefined }
    : readLine(data, open);
  if (unanswered) {
    const { request, why } = unanswered;
    open.close(request);
    messages.push(errorMessage(request, `its answer cannot be read: ${why}`, FAULT.unreadable));
  }
  const texts = messages.map((message) => JSON.stringify(message));
  if (texts.length === 0) return { events: [`${mark}data: \n\n`], odd };
  const events = texts.map((text, at) => {
    return `${at === texts.length - 1 ? mark : ''}data: ${text}\n\n`;
  });
  return { events, odd };
}
