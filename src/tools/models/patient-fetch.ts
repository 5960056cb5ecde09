import { boundedBody } from '../bounded-body.js';

let patient: Promise<typeof fetch> | undefined;

/** A fetch that waits as long as it may: Node's own gives up when nothing has come for five minutes. */
export const patientFetch = (): Promise<typeof fetch> => (patient ??= makePatient());

async function makePatient(): Promise<typeof fetch> {
  const undici = await import('undici');
  const dispatcher = new undici.Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const ask = undici.fetch as unknown as typeof fetch;
  return async (url, init) => boundedBody(await ask(url, { ...init, dispatcher } as RequestInit));
}
