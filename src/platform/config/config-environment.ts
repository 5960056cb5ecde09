import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { ConfigFault } from './config-fault.js';

/** Default address of the API. */
export const DEFAULT_PORT = 4000;
export const DEFAULT_HOST = '127.0.0.1';

/** An absolute path from a path that may begin with `~`. */
export const absolute = (path: string) => resolve(path.replace(/^~(?=\/|$)/, homedir()));
const isDirectory = (path: string) => existsSync(path) && statSync(path).isDirectory();

const path = z.string().transform(absolute);
const file = path.refine(existsSync, 'there is no such file');
const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'is not a port')
    .transform(Number)
    .refine((value) => value <= 65_535, 'is not a port')
    .default(fallback);
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'is not a Postgres URL' });
const webUrl = z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' });

/**
 * Every variable that Mission Control reads; docs/configuration.md describes
 * them.
 */
const ENVIRONMENT = z.object({
  MISSION_HOME: path.prefault('~/.mission-control'),
  MISSION_PROJECT: path.refine(isDirectory, 'there is no such directory').prefault('.'),
  MISSION_CONFIG: file.optional(),
  MISSION_API_KEY: z.string().optional(),
  MISSION_SECRETS_KEYS: file.optional(),
  MISSION_PAYLOAD_KEYS: file.optional(),
  PORT: port(DEFAULT_PORT),
  HOST: z.string().default(DEFAULT_HOST),
  MISSION_MEANING: z.enum(['auto', 'off'], 'is neither auto nor off').default('auto'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'is not a log level').default('info'),
  DATABASE_URL: postgresUrl.optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d{1,5}$/, 'is not host:port')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS: z.enum(['true', 'false'], 'is neither true nor false').optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: file.optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: file.optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: file.optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  TEMPORAL_UI_URL: webUrl.optional(),
});

/** The parsed variables; paths are absolute. */
export type Environment = z.output<typeof ENVIRONMENT>;

const HINTS: Record<string, string> = {
  MISSION_PROJECT: 'Set it to a directory, or start in the project and leave it unset',
  MISSION_CONFIG:
    'Set it to an existing file, or leave it unset to use mission.yaml of the project',
  MISSION_SECRETS_KEYS:
    'Set it to an existing file, or leave it unset to use the one in MISSION_HOME',
  MISSION_PAYLOAD_KEYS:
    'Set it to an existing file, or leave it unset; payloads in Temporal are then not encrypted',
  PORT: 'Use 0 to 65535; 0 picks a free port',
  TEMPORAL_PORT: 'Use 0 to 65535; 0 picks a free port',
  TEMPORAL_UI_PORT: 'Use 0 to 65535; 0 picks a free port',
  MISSION_MEANING: 'Write auto, or off to search by text only',
  LOG_LEVEL: 'Use debug, info, warn or error',
  DATABASE_URL:
    'Write postgres://user:password@host:5432/database, or unset it to use the embedded one',
  TEMPORAL_ADDRESS: 'Write host:port, such as 127.0.0.1:7233, or unset it to use the embedded one',
  TEMPORAL_TLS: 'Write true or false',
  TEMPORAL_UI_URL: 'Write the address of the Temporal Web UI, such as http://127.0.0.1:8233',
};

/**
 * Removes empty variables: compose files and CI set unset variables to an empty
 * text.
 */
const present = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );

function certificatePairFault(values: Environment): ConfigFault[] {
  const { TEMPORAL_TLS_CLIENT_CERT_PATH: certificate, TEMPORAL_TLS_CLIENT_KEY_PATH: key } = values;
  if ((certificate === undefined) === (key === undefined)) return [];
  const where =
    certificate === undefined ? 'TEMPORAL_TLS_CLIENT_CERT_PATH' : 'TEMPORAL_TLS_CLIENT_KEY_PATH';
  return [{ where, message: 'is missing', hint: 'A client certificate needs its key: set both' }];
}

/**
 * Parses the variables. Adds faults to `faults`; returns undefined when there
 * are any.
 */
export function parseEnvironment(
  env: NodeJS.ProcessEnv,
  faults: ConfigFault[],
): Environment | undefined {
  const variables = present(env);
  const parsed = ENVIRONMENT.safeParse(variables);
  if (parsed.success) {
    const incomplete = certificatePairFault(parsed.data);
    faults.push(...incomplete);
    return incomplete.length > 0 ? undefined : parsed.data;
  }
  for (const issue of parsed.error.issues) {
    const where = String(issue.path[0]);
    const secret = where === 'DATABASE_URL';
    const message = secret ? issue.message : `"${variables[where] ?? '.'}": ${issue.message}`;
    faults.push({ where, message, hint: HINTS[where] ?? 'Correct it or unset it' });
  }
  return undefined;
}
