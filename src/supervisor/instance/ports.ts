import { setTimeout as sleep } from 'node:timers/promises';
import { MissionError } from '../../contracts/errors.js';
import type { Config } from '../../platform/config/config.js';
import { freePort, isFree } from '../../platform/servers/ports.js';
import { portHolder } from './port-holder.js';

const WAIT_MS = 10_000;

/** An API whose supervisor was killed will end by itself shortly. */
const isEnding = (holder: string) => holder.includes('api/main.js');

/**
 * The API's port.
 * @throws MissionError `unavailable` that names the process on the port and the
 * variable to set
 */
export async function apiPort({ port, host }: Config): Promise<number> {
  if (port === 0) return freePort(0, host);
  for (const end = Date.now() + WAIT_MS; ; await sleep(200)) {
    if (await isFree(port, host)) return port;
    const holder = portHolder(port);
    if (isEnding(holder) && Date.now() < end) continue;
    throw new MissionError(
      'unavailable',
      `Port ${port} on ${host} is taken by ${holder}. Set PORT to another one, or to 0 for any free one.`,
    );
  }
}

/**
 * A port for the embedded Temporal server: the wanted one, otherwise any free
 * one, with a message.
 */
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
