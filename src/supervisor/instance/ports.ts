import { setTimeout as sleep } from 'node:timers/promises';
import { MissionError } from '../../contracts/errors.js';
import type { Config } from '../../platform/config/config.js';
import { freePort, isFree } from '../../platform/servers/ports.js';
import { portHolder } from './port-holder.js';

const PATIENCE_MS = 10_000;

/** An API whose supervisor was killed is about to end by itself. */
const isEnding = (holder: string) => holder.includes('api/main.js');

/**
 * The API's port.
 * @throws MissionError `unavailable` that says who holds it and which variable to set
 */
export async function apiPort({ port, host }: Config): Promise<number> {
  if (port === 0) return freePort(0, host);
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(200)) {
    if (await isFree(port, host)) return port;
    const holder = portHolder(port);
    if (isEnding(holder) && Date.now() < end) continue;
    throw new MissionError(
      'unavailable',
      `Port ${port} on ${host} is taken by ${holder}. Set PORT to another one, or to 0 for any free one.`,
    );
  }
}

/** A port of the embedded Temporal server: the wanted one, else any free one, which is said. */
export async function temporalPort(
  variable: string,
  wanted: number,
  say: (line: string) => void,
): Promise<number> {
  const port = await freePort(wanted);
  if (wanted !== 0 && port !== wanted) {
    say(`${variable} ${wanted} is taken by ${portHolder(wanted)}; ${port} is used instead.`);
  }
  return port;
}
