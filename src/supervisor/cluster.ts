import { Connection } from '@temporalio/client';
import { MissionError } from '../contracts/errors.js';
import type { TemporalConfig } from '../platform/config/config.js';
import { connectionSettings } from '../platform/temporal/connection.js';
import { ensureSearchAttributes } from '../platform/temporal/search-attributes.js';

async function connect(config: TemporalConfig): Promise<Connection> {
  try {
    return await Connection.connect({ ...connectionSettings(config), connectTimeout: '10s' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MissionError(
      'unavailable',
      `The Temporal cluster at ${config.address} does not answer: ${reason}. Correct TEMPORAL_ADDRESS (and TLS or API key), or unset it to use the embedded server.`,
      undefined,
      { cause },
    );
  }
}

/**
 * Checks the operator's own cluster before any service relies on it.
 * @throws MissionError `unavailable` when it does not answer
 */
export async function checkCluster(
  config: TemporalConfig,
  say: (line: string) => void,
): Promise<void> {
  const connection = await connect(config);
  try {
    const { available, reason } = await ensureSearchAttributes(connection, config.namespace);
    if (available) return;
    say(`Search attributes cannot be registered on ${config.address} (${reason}).`);
    say('Runs have the same data in their memo; register the attributes to search by them.');
  } finally {
    await connection.close();
  }
}
