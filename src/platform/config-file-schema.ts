import { z } from 'zod';
import { isObject, type Json } from '../contracts/json.js';

const NAME = /^[a-z][a-z0-9_-]*$/;
const SECRET = /^secret:\/\/[a-z][a-z0-9_]{0,63}$/;

/** Parses with a schema that depends on the value; its issues become those of the context. */
function delegate<T>(schema: z.ZodType<T>, value: unknown, context: z.RefinementCtx): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
  return z.NEVER;
}

/** A string in which `${NAME}` stands for a variable of the environment. */
const substituted = (env: NodeJS.ProcessEnv) =>
  z.string().transform((text, context) =>
    text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => {
      const value = env[name];
      if (value !== undefined) return value;
      context.addIssue(`\${${name}} is not set in the environment`);
      return whole;
    }),
  );

const noSecret = (text: string) => !text.includes('secret://');
const wholeSecret = (text: string) => noSecret(text) || SECRET.test(text);

/** Fields whose values may be secrets: `${NAME}`, or the whole value `secret://name`. */
const secretText = (env: NodeJS.ProcessEnv) =>
  substituted(env).refine(wholeSecret, 'write secret://name as the whole value');

const plainText = (env: NodeJS.ProcessEnv) =>
  substituted(env).refine(noSecret, 'secret:// is allowed in env, headers and models only');

const stdioServer = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    command: plainText(env).refine((text) => text.length > 0, 'is empty'),
    args: z.array(plainText(env)).default([]),
    env: z.record(z.string(), secretText(env)).default({}),
    cwd: plainText(env).optional(),
  });

const httpServer = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    url: plainText(env).refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
      error: 'is not an http(s) URL',
    }),
    headers: z.record(z.string(), secretText(env)).default({}),
  });

type RawServer = z.output<ReturnType<typeof stdioServer>> | z.output<ReturnType<typeof httpServer>>;

/** `url` makes it an http server, anything else is held to the stdio shape: better messages than a union. */
const server = (env: NodeJS.ProcessEnv) =>
  z.looseObject({}, 'must be a map with command, or with url').transform((raw, context) => {
    const schema: z.ZodType<RawServer> = 'url' in raw ? httpServer(env) : stdioServer(env);
    return delegate(schema, raw, context);
  });

/** Any JSON, with variables replaced in every string. */
const substitutedJson = (env: NodeJS.ProcessEnv): z.ZodType<Json> =>
  z.lazy(() =>
    z.unknown().transform((value, context) => delegate(jsonSchema(env, value), value, context)),
  );

function jsonSchema(env: NodeJS.ProcessEnv, value: unknown): z.ZodType<Json> {
  if (typeof value === 'string') return secretText(env);
  if (Array.isArray(value)) return z.array(substitutedJson(env));
  if (isObject(value)) return z.record(z.string(), substitutedJson(env));
  return z.union([z.null(), z.boolean(), z.number()]);
}

const count = z.int('must be a whole number').positive('must be positive');
const amount = z.number('must be a number').positive('must be positive');

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

const SCRIPTS = z.strictObject({
  trust: z.enum(['local', 'jailed', 'none'], 'must be local, jailed or none').default('local'),
  environment: z.array(z.string()).default([]),
  read_only: z.array(z.string().startsWith('/', 'must be absolute')).default([]),
  limits: SCRIPT_LIMITS.default({}),
});

const secrets = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    file: plainText(env).optional(),
    env_prefix: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*_$/, 'must be upper case and end with _')
      .default('MISSION_SECRET_'),
  });

const RETENTION = z.strictObject({
  logs_days: amount.default(7),
  artifacts_days: amount.default(30),
});

const nameRule = `must match ${NAME.source}`;

/** The shape of `mission.yaml`. */
export const configFileSchema = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    mcp_servers: z.record(z.string().regex(NAME, nameRule), server(env)).default({}),
    models: z.record(z.string(), z.record(z.string(), substitutedJson(env))).default({}),
    scripts: SCRIPTS.prefault({}),
    secrets: secrets(env).prefault({}),
    limits: LIMITS.default({}),
    retention: RETENTION.prefault({}),
  });

/** The operator's file, parsed. */
export type ConfigFile = z.output<ReturnType<typeof configFileSchema>>;
