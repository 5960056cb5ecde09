import { readFileSync, statSync } from 'node:fs';
import { readYaml } from '../files/read-yaml.js';
import { configFileSchema, type ConfigFile } from './config-file-schema.js';
import type { ConfigFault } from './config-fault.js';

const MAX_BYTES = 256 * 1024;

function read(file: string, faults: ConfigFault[]): string | undefined {
  try {
    if (statSync(file).size <= MAX_BYTES) return readFileSync(file, 'utf8');
    faults.push({ where: file, message: 'is larger than 256 KiB', hint: 'Make it smaller' });
  } catch (error) {
    const message = `cannot be read: ${(error as Error).message}`;
    faults.push({ where: file, message, hint: 'Make it readable, or unset MISSION_CONFIG' });
  }
  return undefined;
}

/**
 * Reads the operator's file. `${NAME}` is replaced from `env` where the schema
 * allows it. Adds faults with their lines to `faults`; returns undefined when
 * there are any.
 */
export function readConfigFile(
  file: string,
  env: NodeJS.ProcessEnv,
  faults: ConfigFault[],
): ConfigFile | undefined {
  const text = read(file, faults);
  if (text === undefined) return undefined;
  const result = readYaml<ConfigFile>(text, configFileSchema(env), 'docs/configuration.md');
  for (const { line, message, hint } of result.faults)
    faults.push({ where: `${file}:${line}`, message, hint });
  return result.value;
}
