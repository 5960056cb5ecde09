import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Upper bound on the characters of one event. */
const MAX_EVENT = 8 * 1024 * 1024;

/**
 * The server-sent events of a response, as they arrive. The last one counts also without the empty line that should
 * follow it.
 * @throws Error for an event that is too long, and what the connection throws
 */
export async function* eventsOf(response: Response): AsyncGenerator<EventSourceMessage> {
  if (!response.body) return;
  let found: EventSourceMessage[] = [];
  let problem: Error | undefined;
  const parser = createParser({
    maxBufferSize: MAX_EVENT,
    onEvent: (event) => found.push(event),
    // Fields of other names are ignored, as the standard says.
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') problem = new Error(TOO_LONG);
    },
  });
  const read = (text: string): EventSourceMessage[] => {
    found = [];
    parser.feed(text);
    if (problem) throw problem;
    return found;
  };
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) yield* read(text);
  yield* read('\n\n');
}

const TOO_LONG = `an event is longer than ${MAX_EVENT} characters`;
