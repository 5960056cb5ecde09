import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { TemporalConfig } from '../../platform/config/config.js';
import { connectionSettings } from '../../platform/temporal/connection.js';
import { engineCache } from '../../platform/temporal/engine.js';
import { engineOnPath, engineVersion } from '../../platform/temporal/engine-version.js';
import { error, ok, reason, warning, type Check, type Finding } from './check.js';

async function cluster(config: TemporalConfig): Promise<Finding> {
  try {
    const settings = { ...connectionSettings(config), connectTimeout: '5s' as const };
    const connection = await Connection.connect(settings);
    await connection.close();
    return ok('temporal', `the cluster at ${config.address} answers`);
  } catch (thrown) {
    const message = `the cluster at ${config.address} does not answer: ${reason(thrown)}`;
    return error(
      'temporal',
      message,
      'Correct TEMPORAL_ADDRESS, or unset it to use the embedded server',
    );
  }
}

function own(): Finding {
  const cached = join(engineCache(), 'temporal');
  for (const program of [engineOnPath(), cached]) {
    const version = program && engineVersion(program);
    if (version) return ok('temporal', `${program}: ${version}`);
  }
  if (spawnSync('go', ['version']).status === 0) {
    return warning(
      'temporal',
      'not installed yet',
      'The first start downloads it, or compiles it with Go in a few minutes',
    );
  }
  return warning(
    'temporal',
    'not installed yet, and Go, which could compile it, is not installed',
    'The first start downloads it; without internet install Go, put temporal on PATH, or set TEMPORAL_ADDRESS',
  );
}

/**
 * Checks the Temporal server: the operator's cluster, or the program that the
 * supervisor would start.
 */
export const checkEngine: Check = async ({ temporal }) => [
  temporal.address === undefined ? own() : await cluster(temporal),
];
