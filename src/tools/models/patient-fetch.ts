import { boundedBody } from '../bounded-body.js';

/** Upper bound on the bytes of a stream, in which every word comes in an envelope of its own. */
const MAX_STREAM = 128 * 1024 * 1024;

const created = new Map<number, Promise<typeof fetch>>();

/**
 * A `fetch` that gives up when nothing arrives for `silenceMs`; 0 = never. Node's own gives up after five minutes, too
 * early for a model that answers at once, too late for one that streams.
 */
export function patientFetch(silenceMs = 0): Promise<typeof fetch> {
  const known = created.get(silenceMs) ?? createPatientFetch(silenceMs);
  created.set(silenceMs, known);
  return known;
}

async function createPatientFetch(silenceMs: number): Promise<typeof fetch> {
  const undici = await import('undici');
  const dispatcher = new undici.Agent({ headersTimeout: silenceMs, bodyTimeout: silenceMs });
  const ask = undici.fetch as unknown as typeof fetch;
  return async (url, init) => {
    const response = await ask(url, { ...init, dispatcher } as RequestInit);
    return isEventStream(response) ? boundedBody(response, MAX_STREAM) : boundedBody(response);
  };
}

/** Whether a response is a stream of server-sent events. */
export const isEventStream = (response: Response): boolean =>
  response.headers.get('content-type')?.toLowerCase().includes('text/event-stream') ?? false;
