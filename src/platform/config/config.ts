import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEFAULT_CEILINGS } from '../../contracts/catalog.js';
import type { Limits } from '../../contracts/plan.js';
import type { LogLevel } from '../../contracts/script.js';
import { parseEnvironment, type Environment } from './config-environment.js';
import { configInvalid, type ConfigFault } from './config-fault.js';
import { configFileSchema, type ConfigFile } from './config-file-schema.js';
import { readConfigFile } from './config-file.js';
import { stampOf, type ConfigStamp } from './config-stamp.js';
import { MODEL_PROVIDERS, type ModelConfig, type ModelTiers } from './config-models.js';
import { homePaths } from '../files/paths.js';

/** Settings of the handshake with an MCP server. */
interface McpHandshakeConfig {
  /** Longest time of the handshake, in milliseconds; 30 s when absent. */
  startupTimeoutMs?: number;
  /**
   * `auto`: ask with `server/discover` for revision 2026-07-28, otherwise
   * `initialize`; `legacy`: `initialize` only. When absent, `auto` over HTTP
   * and `legacy` over stdio.
   */
  negotiation?: 'auto' | 'legacy';
}

/** An MCP server as the operator configured it. Values may be `secret://name`. */
export type McpServerConfig = McpHandshakeConfig & McpTransportConfig;

type McpTransportConfig =
  | {
      transport: 'stdio';
      command: string;
      args: string[];
      env: Record<string, string>;
      /** Absolute path of the working directory; the project by default. */
      cwd: string;
      /**
       * Permission tags, as in directives; the server is then jailed. Without
       * them it has the rights of the worker.
       */
      permissions?: string[];
    }
  | { transport: 'http'; url: string; headers: Record<string, string> };

/** Certificates of a Temporal cluster, as paths of files. */
export interface TlsConfig {
  serverCaPath?: string;
  clientCertPath?: string;
  clientKeyPath?: string;
  serverName?: string;
}

export interface TemporalConfig {
  /** host:port of a cluster; absent means the embedded server. */
  address?: string;
  namespace: string;
  apiKey?: string;
  /** Absent means a connection without TLS. */
  tls?: TlsConfig;
  /** Ports of the embedded server; 0 means any free one. */
  port: number;
  uiPort: number;
  /**
   * Address of Temporal Web UI for people; absent for a cluster without a
   * configured one.
   */
  uiUrl?: string;
  /**
   * File with the keys that encrypt payloads in Temporal; absent means that
   * they are stored unencrypted.
   */
  payloadKeys?: string;
}

/** The sources of secrets. */
export interface SecretsConfig {
  /** Path of the file with the keys of the encrypted store. */
  keyFile: string;
  /** True when the key file is the one in `home`, which Mission Control creates and renews. */
  ownKeyFile: boolean;
  /** A file or directory of secrets; absent means none. */
  file?: string;
  /** Prefix of the environment variables that hold secrets. */
  envPrefix: string;
}

/** The host names and browser origins that may reach the API. */
export interface ApiConfig {
  /** Host names besides loopback and `host`; a name without a port allows every port. */
  allowedHosts: string[];
  /**
   * Origins of web pages that may call the API, such as `https://app.example`.
   */
  allowedOrigins: string[];
  /** True = the MCP server lists each directive as a tool of its own, beside the four verbs. */
  directivesAsTools: boolean;
}

/** Settings of the project's scripts. */
export interface ScriptsConfig {
  /**
   * Effect on a machine without a jail: `local` runs scripts anyway, because
   * they are on the operator's disk; `jailed` does not run them. `none` never
   * runs scripts.
   */
  trust: 'local' | 'jailed' | 'none';
  /** Names of variables passed to scripts. */
  environment: string[];
  /** Absolute paths that jailed scripts can read besides the system's. */
  readOnly: string[];
  /** Limits for the processes of one call; defaults apply where absent. */
  limits: {
    memoryMib?: number;
    processes?: number;
    files?: number;
    fileMib?: number;
    diskMib?: number;
    cpuSeconds?: number;
  };
}

/**
 * The whole configuration of a process: plain data, parsed once. Paths are
 * absolute.
 */
export interface Config {
  /** Directory of the instance's data (`MISSION_HOME`). */
  home: string;
  /** Directory of the project; directives and scripts are in its `.ai/`. */
  project: string;
  /** The user's home directory; its `.ai/` holds the user's directives. */
  userHome: string;
  /** Path of the operator's file; absent where there is none. */
  configFile?: string;
  /** Digest of the operator's file at the time it was read. */
  configStamp: ConfigStamp;
  host: string;
  /** Port of the API; 0 means any free one. */
  port: number;
  /** API key that the CLI sends; absent means the content of `operator.key`. */
  apiKey?: string;
  logLevel: LogLevel;
  /** `off` = search is by text only, and its model is not obtained. */
  meaning: 'auto' | 'off';
  /** Absent means the embedded Postgres. */
  databaseUrl?: string;
  temporal: TemporalConfig;
  mcpServers: Record<string, McpServerConfig>;
  models: Record<string, ModelConfig>;
  tiers: ModelTiers;
  api: ApiConfig;
  scripts: ScriptsConfig;
  secrets: SecretsConfig;
  ceilings: Limits;
  retention: { logsDays: number; artifactsDays: number };
}

const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;

function tlsOf(values: Environment): TlsConfig | undefined {
  const tls = defined({
    serverCaPath: values.TEMPORAL_TLS_SERVER_CA_CERT_PATH,
    clientCertPath: values.TEMPORAL_TLS_CLIENT_CERT_PATH,
    clientKeyPath: values.TEMPORAL_TLS_CLIENT_KEY_PATH,
    serverName: values.TEMPORAL_TLS_SERVER_NAME,
  });
  if (values.TEMPORAL_TLS === 'false') return undefined;
  const wanted = values.TEMPORAL_TLS === 'true' || values.TEMPORAL_API_KEY !== undefined;
  return wanted || Object.keys(tls).length > 0 ? (tls as TlsConfig) : undefined;
}

const temporalOf = (values: Environment): TemporalConfig =>
  defined({
    address: values.TEMPORAL_ADDRESS,
    namespace: values.TEMPORAL_NAMESPACE,
    apiKey: values.TEMPORAL_API_KEY,
    tls: tlsOf(values),
    port: values.TEMPORAL_PORT,
    uiPort: values.TEMPORAL_UI_PORT,
    uiUrl: values.TEMPORAL_UI_URL,
    payloadKeys: values.MISSION_PAYLOAD_KEYS,
  }) as TemporalConfig;

function serverOf(raw: ConfigFile['mcp_servers'][string], project: string): McpServerConfig {
  const { startup_timeout_seconds: seconds, version_negotiation: negotiation, ...rest } = raw;
  const startupTimeoutMs = seconds === undefined ? undefined : seconds * 1000;
  const transport =
    'url' in rest
      ? { transport: 'http', ...rest }
      : { transport: 'stdio', ...rest, cwd: resolve(project, rest.cwd ?? '.') };
  return defined({ ...transport, startupTimeoutMs, negotiation }) as McpServerConfig;
}

function serversOf(file: ConfigFile, project: string): Config['mcpServers'] {
  const entries = Object.entries(file.mcp_servers);
  return Object.fromEntries(entries.map(([name, raw]) => [name, serverOf(raw, project)]));
}

function modelsOf({ models }: ConfigFile): Config['models'] {
  const entries = Object.entries(models).map(([name, { base_url, api_key, ...raw }]) => {
    const { max_output_tokens, input_usd_per_million, output_usd_per_million, ...more } = raw;
    const { max_tokens_field, structured_output, silence_seconds, ...same } = more;
    const url = base_url ?? MODEL_PROVIDERS[raw.provider].baseUrl!;
    const renamed = {
      baseUrl: url.replace(/\/+$/, ''),
      apiKey: api_key,
      maxOutputTokens: max_output_tokens,
      maxTokensField: max_tokens_field,
      structuredOutput: structured_output,
      silenceSeconds: silence_seconds,
      inputUsdPerMillion: input_usd_per_million,
      outputUsdPerMillion: output_usd_per_million,
    };
    return [name, defined({ ...same, ...renamed })];
  });
  return Object.fromEntries(entries) as Config['models'];
}

const secretsOf = (values: Environment, { secrets }: ConfigFile): SecretsConfig => ({
  keyFile: values.MISSION_SECRETS_KEYS ?? homePaths(values.MISSION_HOME).secretsKeys,
  ownKeyFile: values.MISSION_SECRETS_KEYS === undefined,
  ...(secrets.file !== undefined && { file: resolve(values.MISSION_PROJECT, secrets.file) }),
  envPrefix: secrets.env_prefix,
});

function configFileOf(values: Environment): string | undefined {
  const usual = join(values.MISSION_PROJECT, 'mission.yaml');
  return values.MISSION_CONFIG ?? (existsSync(usual) ? usual : undefined);
}

function scriptsOf({ limits, read_only, ...rest }: ConfigFile['scripts']): ScriptsConfig {
  const { memory_mib, file_mib, disk_mib, cpu_seconds, ...same } = limits;
  const renamed = { memoryMib: memory_mib, fileMib: file_mib, diskMib: disk_mib };
  const bounds = { ...same, ...renamed, cpuSeconds: cpu_seconds };
  return { ...rest, readOnly: read_only, limits: defined(bounds) as ScriptsConfig['limits'] };
}

const assemble = (
  values: Environment,
  file: ConfigFile,
  configStamp: ConfigStamp,
  configFile?: string,
): Config =>
  defined({
    home: values.MISSION_HOME,
    project: values.MISSION_PROJECT,
    userHome: homedir(),
    configFile,
    configStamp,
    host: values.HOST,
    port: values.PORT,
    apiKey: values.MISSION_API_KEY,
    logLevel: values.LOG_LEVEL,
    meaning: values.MISSION_MEANING,
    databaseUrl: values.DATABASE_URL,
    temporal: temporalOf(values),
    mcpServers: serversOf(file, values.MISSION_PROJECT),
    models: modelsOf(file),
    tiers: file.tiers,
    api: {
      allowedHosts: file.api.allowed_hosts,
      allowedOrigins: file.api.allowed_origins,
      directivesAsTools: file.api.directives_as_tools,
    },
    scripts: scriptsOf(file.scripts),
    secrets: secretsOf(values, file),
    ceilings: { ...DEFAULT_CEILINGS, ...defined(file.limits) } as Limits,
    retention: {
      logsDays: file.retention.logs_days,
      artifactsDays: file.retention.artifacts_days,
    },
  }) as Config;

/**
 * Reads the configuration from the environment and the operator's file. No
 * other function reads `process.env` for settings.
 * @throws MissionError `config_invalid` that lists every fault at once
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const faults: ConfigFault[] = [];
  const values = parseEnvironment(env, faults);
  const project = resolve(env['MISSION_PROJECT'] || '.');
  const configFile = values
    ? configFileOf(values)
    : env['MISSION_CONFIG'] || [join(project, 'mission.yaml')].find(existsSync);
  // The digest is taken before the file is read, so that a change in between is
  // detected.
  const stamp = stampOf(resolve(configFile ?? join(project, 'mission.yaml')));
  const file =
    configFile !== undefined && existsSync(configFile)
      ? readConfigFile(configFile, env, faults)
      : configFileSchema(env).parse({});
  if (!values || !file || faults.length > 0) throw configInvalid(faults);
  return assemble(values, file, stamp, configFile);
}
