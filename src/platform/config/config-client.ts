import { homedir } from 'node:os';
import { parseEnvironment } from './config-environment.js';
import { configInvalid, type ConfigFault } from './config-fault.js';

/**
 * The part of the configuration that clients need; it does not depend on the
 * operator's file.
 */
export interface ClientConfig {
  /** Directory of the instance's data; contains `operator.key`. */
  home: string;
  project: string;
  userHome: string;
  /** The API's address (`MISSION_URL`). */
  url?: string;
  /** Absent when the variable is not set. */
  host?: string;
  /**
   * Absent when the variable is not set or 0, which does not say the actual
   * port.
   */
  port?: number;
  apiKey?: string;
}

/**
 * Reads the client's part of the environment.
 * @throws MissionError `config_invalid` that lists every fault at once
 */
export function loadClientConfig(env: NodeJS.ProcessEnv = process.env): ClientConfig {
  const faults: ConfigFault[] = [];
  const values = parseEnvironment(env, faults);
  if (!values) throw configInvalid(faults);
  const { MISSION_API_KEY: apiKey, MISSION_PROJECT: project } = values;
  const url = env['MISSION_URL'];
  return {
    home: values.MISSION_HOME,
    project,
    userHome: homedir(),
    ...(url && { url }),
    ...(env['HOST'] && { host: values.HOST }),
    ...(env['PORT'] && values.PORT !== 0 && { port: values.PORT }),
    ...(apiKey && { apiKey }),
  };
}

/** The environment for another project. */
export const environmentOf = (
  project: string,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv => ({ ...env, MISSION_PROJECT: project });
