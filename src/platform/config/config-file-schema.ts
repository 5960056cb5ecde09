import { z } from 'zod';
import { absolute } from './config-environment.js';
import { permissionFault } from './config-mcp-permissions.js';
import { checkModelNames, MODEL_TIERS } from './config-model-names.js';
import { modelSchema } from './config-model-schema.js';
import { amount, count, httpUrl, plainKey, plainText, secretText } from './config-texts.js';

const NAME = /^[a-z][a-z0-9_-]*$/;

/**
 * Parses a value with a schema that depends on it, and reports the issues in
 * the outer context.
 */
function delegate<T>(schema: z.ZodType<T>, value: unknown, context: z.RefinementCtx): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
  return z.NEVER;
}

const serverPermission = (env: NodeJS.ProcessEnv) =>
  plainText(env).superRefine((tag, context) => {
    const fault = permissionFault(tag, absolute(env['MISSION_PROJECT'] || '.'));
    if (fault !== undefined) context.addIssue(fault);
  });

const NEGOTIATIONS = ['auto', 'legacy'] as const;
const MAX_STARTUP_SECONDS = 3_600;

/** Handshake settings, equal for stdio and HTTP. */
const HANDSHAKE = {
  startup_timeout_seconds: z
    .number('must be a number')
    .positive('must be positive')
    .max(MAX_STARTUP_SECONDS, `must be at most ${MAX_STARTUP_SECONDS}`)
    .optional(),
  version_negotiation: z.enum(NEGOTIATIONS, `must be ${NEGOTIATIONS.join(' or ')}`).optional(),
};

const stdioServer = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    ...HANDSHAKE,
    command: plainText(env).refine((text) => text.length > 0, 'is empty'),
    args: z.array(plainText(env)).default([]),
    env: z.record(plainKey, secretText(env)).default({}),
    cwd: plainText(env).optional(),
    permissions: z.array(serverPermission(env)).optional(),
  });

const httpServer = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    ...HANDSHAKE,
    url: httpUrl(env),
    headers: z.record(plainKey, secretText(env)).default({}),
  });

type RawServer = z.output<ReturnType<typeof stdioServer>> | z.output<ReturnType<typeof httpServer>>;

/**
 * A server with `url` is checked as an HTTP server, any other as a stdio
 * server: the messages are better than those of a union.
 */
const server = (env: NodeJS.ProcessEnv) =>
  z.looseObject({}, 'must be a map with command, or with url').transform((raw, context) => {
    const schema: z.ZodType<RawServer> = 'url' in raw ? httpServer(env) : stdioServer(env);
    return delegate(schema, raw, context);
  });

const LIMITS = z
  .strictObject({
    steps: count,
    iterations: count,
    depth: count,
    spawns: count,
    concurrency: count,
    duration_seconds: amount,
    tokens: count,
    cost_usd: amount,
  })
  .partial();

const SCRIPT_LIMITS = z
  .strictObject({
    memory_mib: count,
    processes: count,
    files: count,
    file_mib: count,
    disk_mib: count,
    cpu_seconds: count,
  })
  .partial();

const scripts = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    trust: plainText(env)
      .pipe(z.enum(['local', 'jailed', 'none'], 'must be local, jailed or none'))
      .default('local'),
    environment: z.array(plainText(env)).default([]),
    read_only: z
      .array(plainText(env).refine((path) => path.startsWith('/'), 'must be absolute'))
      .default([]),
    limits: SCRIPT_LIMITS.default({}),
  });

const secrets = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    file: plainText(env).optional(),
    env_prefix: plainText(env)
      .refine((text) => /^[A-Z][A-Z0-9_]*_$/.test(text), 'must be upper case and end with _')
      .default('MISSION_SECRET_'),
  });

const RETENTION = z.strictObject({
  logs_days: amount.default(7),
  artifacts_days: amount.default(30),
});

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)(:\d{1,5})?$/i;
const NO_HOST =
  'is not a host name: write only the name, such as mission.example or mission.example:8443';
const NO_ORIGIN = 'is not an origin: write only scheme and host, such as https://app.example';

/**
 * The origin in the notation of browsers; undefined when the text is not
 * exactly an origin.
 */
function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, href } = new URL(text);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && href === `${origin}/` ? origin : undefined;
}

const hostName = (env: NodeJS.ProcessEnv) =>
  plainText(env).refine((text) => HOST.test(text), NO_HOST);

const webOrigin = (env: NodeJS.ProcessEnv) =>
  plainText(env).transform((text, context) => {
    const origin = originOf(text);
    if (origin !== undefined) return origin;
    context.addIssue(NO_ORIGIN);
    return z.NEVER;
  });

const api = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    allowed_hosts: z.array(hostName(env)).default([]),
    allowed_origins: z.array(webOrigin(env)).default([]),
    directives_as_tools: z.boolean().default(false),
  });

const nameRule = `must match ${NAME.source}`;

const TIERS = z.partialRecord(z.enum(MODEL_TIERS), z.string());

/** The schema of `mission.yaml`. */
export const configFileSchema = (env: NodeJS.ProcessEnv) =>
  fields(env).superRefine(checkModelNames);

const fields = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    mcp_servers: z.record(z.string().regex(NAME, nameRule), server(env)).default({}),
    models: z.record(z.string().regex(NAME, nameRule), modelSchema(env)).default({}),
    tiers: TIERS.default({}),
    api: api(env).prefault({}),
    scripts: scripts(env).prefault({}),
    secrets: secrets(env).prefault({}),
    limits: LIMITS.default({}),
    retention: RETENTION.prefault({}),
  });

/** The parsed operator's file. */
export type ConfigFile = z.output<ReturnType<typeof configFileSchema>>;
