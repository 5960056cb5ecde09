import { setTimeout as sleep } from 'node:timers/promises';
import { MissionError } from '../contracts/errors.js';

const LIMIT_MS = 120_000;
const REPORT_MS = 5_000;

async function ask(url: string): Promise<{ ok: boolean; text: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return { ok: response.ok, text: (await response.text()).slice(0, 500) };
  } catch {
    return { ok: false, text: 'no answer' };
  }
}

/**
 * Waits until `/ready` answers with success; every few seconds it prints what
 * is missing.
 * @throws MissionError `unavailable` after two minutes
 */
export async function untilReady(
  origin: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const start = Date.now();
  for (let reportedAt = start; !signal.aborted; await sleep(100)) {
    const { ok, text } = await ask(`${origin}/ready`);
    if (ok) return;
    if (Date.now() - start > LIMIT_MS) {
      throw new MissionError(
        'unavailable',
        `Mission Control is not ready after 120 s; ${origin}/ready says: ${text}`,
      );
    }
    if (Date.now() - reportedAt > REPORT_MS) {
      reportedAt = Date.now();
      say(`Waiting for ${origin}/ready … ${Math.round((reportedAt - start) / 1000)} s (${text})`);
    }
  }
}
