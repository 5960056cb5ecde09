import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import { isObject } from '../../contracts/json/json.js';
import { ADVICE } from '../../contracts/require-right.js';
import { adviceOf } from './advice.js';
import { chainOf } from './permission-chain.js';

/** Tells why a step was refused: which link of its run's chain lacks the right. */
export class Refusals {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * A refusal with its reason; any other error as it is. Without the database, the refusal stays without a reason: it
   * holds in any case.
   */
  async explained(runId: string, thrown: unknown): Promise<unknown> {
    const right = rightOf(thrown);
    if (right === undefined) return thrown;
    const chain = await chainOf(this.dataSource, runId, right).catch(() => []);
    if (chain.length === 0) return thrown;
    const { code, message, data } = thrown as MissionError;
    const text = `${message.replace(ADVICE, '').trimEnd()} ${adviceOf(chain, right)}`;
    return new MissionError(code, text, data, { retryable: false });
  }
}

/** The right that was missing; undefined for another error. */
function rightOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof MissionError) || thrown.code !== 'permission_denied') return undefined;
  const { data } = thrown;
  const right = isObject(data ?? null)
    ? (data as Record<string, unknown>)['permission']
    : undefined;
  return typeof right === 'string' ? right : undefined;
}
