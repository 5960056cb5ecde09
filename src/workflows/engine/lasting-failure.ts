import { ApplicationFailure } from '@temporalio/workflow';
import { MissionError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';

/** Converts a non-retryable activity failure to its MissionError; undefined for other failures. */
export function lastingFailure(thrown: unknown): MissionError | undefined {
  if (!(thrown instanceof ApplicationFailure) || !thrown.nonRetryable) return undefined;
  const data = thrown.details?.[0] as Json | undefined;
  return new MissionError(thrown.type ?? 'internal', thrown.message, data);
}
