import { boundedBody } from '../bounded-body.js';

let patient: Promise<typeof fetch> | undefined;

/**
 * A `fetch` without time limits of its own: Node's gives up when nothing has
 * arrived for five minutes.
 */
export const patientFetch = (): Promise<typeof fetch> => (patient ??= createPatientFetch());

async function createPatientFetch(): Promise<typeof fetch> {
  const undici = await import('undici');
  const dispatcher = new undici.Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const ask = undici.fetch as unknown as typeof fetch;
  return async (url, init) => boundedBody(await ask(url, { ...init, dispatcher } as RequestInit));
}
