import { z } from 'zod';
import { absolute } from './config-environment.js';
import { substitute } from './config-substitution.js';
import { permissionFault } from './config-mcp-permissions.js';

const NAME = /^[a-z][a-z0-9_-]*$/;
const SECRET = /^secret:\/\/[a-z][a-z0-9_]{0,63}$/;

/** Parses with a schema that depends on the value; its issues become those of the context. */
function delegate<T>(schema: z.ZodType<T>, value: unknown, context: z.RefinementCtx): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
  return z.NEVER;
}

/** A string in which `${NAME}` stands for a variable of the environment; what cannot be filled in is not looked at further. */
const substituted = (env: NodeJS.ProcessEnv) =>
  z.string().transform((text, context) => {
    let whole = true;
    const filled = substitute(text, env, (message) => {
      whole = false;
      context.addIssue(message);
    });
    return whole ? filled : z.NEVER;
  });

/** A key: nothing is filled in there. */
const plainKey = z
  .string()
  .refine((key) => !key.includes('${'), '${NAME} is filled in in values, not in names');

const noSecret = (text: string) => !text.includes('secret://');
const wholeSecret = (text: string) => noSecret(text) || SECRET.test(text);

/** Fields whose values may be secrets: `${NAME}`, or the whole value `secret://name`. */
const secretText = (env: NodeJS.ProcessEnv) =>
  substituted(env).refine(wholeSecret, 'write secret://name as the whole value');

const plainText = (env: NodeJS.ProcessEnv) =>
  substituted(env).refine(noSecret, 'secret:// is allowed in env, headers and api_key only');

const httpUrl = (env: NodeJS.ProcessEnv) =>
  plainText(env).refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
    error: 'is not an http(s) URL',
  });

const serverPermission = (env: NodeJS.ProcessEnv) =>
  plainText(env).superRefine((tag, context) => {
    const fault = permissionFault(tag, absolute(env['MISSION_PROJECT'] || '.'));
    if (fault !== undefined) context.addIssue(fault);
  });

const stdioServer = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    command: plainText(env).refine((text) => text.length > 0, 'is empty'),
    args: z.array(plainText(env)).default([]),
    env: z.record(plainKey, secretText(env)).default({}),
    cwd: plainText(env).optional(),
    permissions: z.array(serverPermission(env)).optional(),
  });

const httpServer = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    url: httpUrl(env),
    headers: z.record(plainKey, secretText(env)).default({}),
  });

type RawServer = z.output<ReturnType<typeof stdioServer>> | z.output<ReturnType<typeof httpServer>>;

/** `url` makes it an http server, anything else is held to the stdio shape: better messages than a union. */
const server = (env: NodeJS.ProcessEnv) =>
  z.looseObject({}, 'must be a map with command, or with url').transform((raw, context) => {
    const schema: z.ZodType<RawServer> = 'url' in raw ? httpServer(env) : stdioServer(env);
    return delegate(schema, raw, context);
  });

const count = z.int('must be a whole number').positive('must be positive');
const amount = z.number('must be a number').positive('must be positive');
const price = z.number('must be a number').nonnegative('must not be negative').default(0);

const PROVIDERS = ['anthropic', 'openai-compatible'] as const;
const NO_URL = 'is missing: write the address of the API, such as http://127.0.0.1:11434/v1';
const NO_KEY = 'is missing: write secret://name or ${NAME}';

const model = (env: NodeJS.ProcessEnv) =>
  z
    .strictObject({
      provider: plainText(env).pipe(z.enum(PROVIDERS, `must be ${PROVIDERS.join(' or ')}`)),
      model: plainText(env).refine((text) => text.length > 0, 'is empty'),
      base_url: httpUrl(env).optional(),
      api_key: secretText(env).optional(),
      max_output_tokens: count.optional(),
      input_usd_per_million: price,
      output_usd_per_million: price,
    })
    .superRefine(({ provider, base_url, api_key }, context) => {
      const missing = (key: string, message: string) =>
        context.addIssue({ code: 'custom', path: [key], message });
      const isAnthropic = provider === 'anthropic';
      if (!isAnthropic && base_url === undefined) missing('base_url', NO_URL);
      if (isAnthropic && api_key === undefined) missing('api_key', NO_KEY);
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
const NO_HOST = 'is not a name: write it alone, such as mission.example or mission.example:8443';
const NO_ORIGIN = 'is not an origin: write scheme and name alone, such as https://app.example';

/** The origin as browsers write it; undefined when the text says more or less than an origin. */
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
  });

const nameRule = `must match ${NAME.source}`;

/** The shape of `mission.yaml`. */
export const configFileSchema = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    mcp_servers: z.record(z.string().regex(NAME, nameRule), server(env)).default({}),
    models: z.record(z.string().regex(NAME, nameRule), model(env)).default({}),
    api: api(env).prefault({}),
    scripts: scripts(env).prefault({}),
    secrets: secrets(env).prefault({}),
    limits: LIMITS.default({}),
    retention: RETENTION.prefault({}),
  });

/** The operator's file, parsed. */
export type ConfigFile = z.output<ReturnType<typeof configFileSchema>>;
