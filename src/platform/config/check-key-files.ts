import type { Config } from './config.js';
import { KeyFile } from '../keys/key-file.js';

/**
 * Reads the key files that the operator configured.
 * @throws MissionError `config_invalid` that describes the fault of one
 */
export async function checkKeyFiles({
  secrets,
  temporal,
}: Pick<Config, 'secrets' | 'temporal'>): Promise<void> {
  const named = [secrets.ownKeyFile ? undefined : secrets.keyFile, temporal.payloadKeys];
  for (const path of named) if (path !== undefined) await new KeyFile(path, '').keys();
}
