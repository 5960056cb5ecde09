import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MissionError } from '../../../src/contracts/errors.js';
import { loadConfig, type Config } from '../../../src/platform/config/config.js';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'mission-config-'));
});
afterEach(() => rmSync(project, { recursive: true }));

const load = (env: NodeJS.ProcessEnv = {}): Config =>
  loadConfig({ MISSION_PROJECT: project, ...env });

function refusal(env: NodeJS.ProcessEnv = {}): MissionError {
  try {
    load(env);
  } catch (error) {
    return error as MissionError;
  }
  throw new Error('the configuration was accepted');
}

const write = (text: string) => writeFileSync(join(project, 'mission.yaml'), text);

describe('the environment', () => {
  it('has the documented defaults', () => {
    expect(load()).toMatchObject({
      home: join(homedir(), '.mission-control'),
      project,
      host: '127.0.0.1',
      port: 4000,
      temporal: { namespace: 'default', port: 7233, uiPort: 8233 },
      mcpServers: {},
      ceilings: { steps: 1_000_000, depth: 10, duration_seconds: 2_592_000 },
      retention: { logsDays: 7 },
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(load({ PORT: '', DATABASE_URL: '' }).port).toBe(4000);
  });

  it('reads a cluster with its certificates', () => {
    const ca = join(project, 'ca.pem');
    writeFileSync(ca, '');
    const { temporal } = load({
      TEMPORAL_ADDRESS: 'cloud.example:7233',
      TEMPORAL_API_KEY: 'k',
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: ca,
    });
    expect(temporal).toMatchObject({ address: 'cloud.example:7233', tls: { serverCaPath: ca } });
  });

  it('lists all faults at once, and hides the password of a database', () => {
    write('limits: { steps: -1 }\n');
    const error = refusal({
      PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      TEMPORAL_ADDRESS: 'nowhere',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/nonexistent/key.pem',
    });
    expect(error.code).toBe('config_invalid');
    for (const where of ['PORT', 'DATABASE_URL', 'TEMPORAL_ADDRESS', 'mission.yaml:1']) {
      expect(error.message).toContain(where);
    }
    expect(error.message).not.toContain('hunter2');
  });

  it('refuses a certificate without its key', () => {
    const cert = join(project, 'cert.pem');
    writeFileSync(cert, '');
    expect(refusal({ TEMPORAL_TLS_CLIENT_CERT_PATH: cert }).message).toContain('CLIENT_KEY_PATH');
  });
});

describe('the operator’s file', () => {
  it('refuses a number that its value does not hold, with the line', () => {
    write('limits:\n  steps: 10\n  tokens: 9007199254740993\n  cost_usd: 1e400\n');
    const { message } = refusal();
    expect(message).toContain('mission.yaml:3');
    expect(message).toContain('9007199254740993 cannot be kept exactly');
    expect(message).toContain('mission.yaml:4');
    expect(message).toContain('1e400 is larger than any number');
  });

  it('says under which names the API is reached, and which pages may call it', () => {
    write(
      'api: { allowed_hosts: [Mission.example, "${NAME}:8443"], allowed_origins: ["https://App.example:443/"] }\n',
    );
    expect(load({ NAME: 'dev.example' }).api).toEqual({
      allowedHosts: ['Mission.example', 'dev.example:8443'],
      allowedOrigins: ['https://app.example'],
      directivesAsTools: false,
    });
    write('');
    expect(load().api).toEqual({
      allowedHosts: [],
      allowedOrigins: [],
      directivesAsTools: false,
    });
  });

  it.each([
    ['allowed_hosts: ["https://mission.example"]', 'api.allowed_hosts.0: is not a host name'],
    ['allowed_hosts: ["*"]', 'api.allowed_hosts.0: is not a host name'],
    ['allowed_origins: ["*"]', 'api.allowed_origins.0: is not an origin'],
    ['allowed_origins: [app.example]', 'such as https://app.example'],
    ['allowed_origins: ["https://app.example/page"]', 'is not an origin'],
    ['allowed_origins: ["null"]', 'is not an origin'],
    ['allowed_host: []', 'unknown key "api.allowed_host"'],
  ])('refuses %s', (text, said) => {
    write(`api:\n  ${text}\n`);
    expect(refusal().message).toContain(`mission.yaml:2: `);
    expect(refusal().message).toContain(said);
  });

  it('gives servers, models, limits', () => {
    write(`
mcp_servers:
  everything: { command: npx, args: [server, "\${WHAT}"], env: { TOKEN: "secret://token" }, cwd: sub }
  remote: { url: "http://127.0.0.1:9/mcp", headers: { Authorization: "Bearer \${KEY}" } }
models:
  fast: { provider: anthropic, model: small, api_key: "\${KEY}", max_output_tokens: 500, input_usd_per_million: 0.8, output_usd_per_million: 4 }
  own: { provider: openai-compatible, model: llama, base_url: "http://127.0.0.1:11434/v1/", api_key: "secret://own_key" }
limits: { steps: 5, cost_usd: 1.5 }
scripts: { trust: none, environment: [LANG] }
retention: { logs_days: 3 }
`);
    mkdirSync(join(project, 'sub'));
    const config = load({ WHAT: 'stdio', KEY: 'k1' });
    expect(config.mcpServers).toEqual({
      everything: {
        transport: 'stdio',
        command: 'npx',
        args: ['server', 'stdio'],
        env: { TOKEN: 'secret://token' },
        cwd: join(project, 'sub'),
      },
      remote: {
        transport: 'http',
        url: 'http://127.0.0.1:9/mcp',
        headers: { Authorization: 'Bearer k1' },
      },
    });
    expect(config.models).toEqual({
      fast: {
        provider: 'anthropic',
        model: 'small',
        baseUrl: 'https://api.anthropic.com/v1',
        apiKey: 'k1',
        maxOutputTokens: 500,
        inputUsdPerMillion: 0.8,
        outputUsdPerMillion: 4,
      },
      own: {
        provider: 'openai-compatible',
        model: 'llama',
        baseUrl: 'http://127.0.0.1:11434/v1',
        apiKey: 'secret://own_key',
        inputUsdPerMillion: 0,
        outputUsdPerMillion: 0,
      },
    });
    expect(config.ceilings).toMatchObject({ steps: 5, iterations: 1_000_000, cost_usd: 1.5 });
    expect(config.scripts).toEqual({
      trust: 'none',
      environment: ['LANG'],
      readOnly: [],
      limits: {},
    });
    expect(config.retention.logsDays).toBe(3);
  });

  it('may be empty', () => {
    write('');
    expect(load().mcpServers).toEqual({});
  });

  it('gives what a server may do, as directives write it', () => {
    const tags = ['write:filesystem:out/**', 'read:network:${HOST}:443', 'deny:filesystem:keys'];
    const inside = `read:filesystem:${project}/docs`;
    const list = [...tags, inside, 'read:filesystem:/srv/docs/**', 'delete:filesystem'];
    write(`mcp_servers:
  files: { command: x, permissions: ${JSON.stringify(list)} }
  shut: { command: x, permissions: [] }
  free: { command: x }
`);
    const { files, shut, free } = load({ HOST: 'api.example' }).mcpServers;
    expect(files).toMatchObject({
      permissions: list.map((tag) => tag.replace('${HOST}', 'api.example')),
    });
    expect(shut).toMatchObject({ permissions: [] });
    expect(free).not.toHaveProperty('permissions');
  });

  it.each([
    ['write', 'is not a permission: write verb:resource[:scope], such as'],
    [
      'execute:mcp_gateway',
      'is not allowed here: an MCP server can only get permissions for filesystem and network',
    ],
    [
      'read:secrets:token',
      'is not allowed here: an MCP server can only get permissions for filesystem and network',
    ],
    [
      'write:*',
      'is not allowed here: an MCP server can only get permissions for filesystem and network',
    ],
    ['execute:filesystem', 'is not allowed here: write read, write, delete, deny'],
    ['delete:network', 'is not allowed here: write read, write, execute, deny'],
    [
      'read:network:https://api.example/v1',
      'is not valid: a network scope is a host, or host:port: write read:network:api.example',
    ],
    ['read:network:api.example:https', 'is not valid: a network scope is a host, or host:port'],
    ['write:filesystem:/srv/docs/**', 'is outside the project: there, a server can only get read'],
    ['write:filesystem:../docs', 'is outside the project'],
    ['read:filesystem:../docs', 'is outside the project'],
    ['read:filesystem:/srv/*.md', 'is outside the project'],
    ['read:filesystem:/', 'is outside the project'],
    ['deny:filesystem:/srv/docs', 'is outside the project'],
  ])('refuses what an MCP server cannot be given: %s', (tag, why) => {
    write(`mcp_servers:\n  files: { command: x, permissions: ["${tag}"] }\n`);
    expect(refusal().message).toContain(
      `mission.yaml:2: mcp_servers.files.permissions.0: "${tag}" ${why}`,
    );
  });

  it('takes how a connection to an MCP server begins, and refuses what is none', () => {
    write(`mcp_servers:
  slow: { command: x, startup_timeout_seconds: 120, version_negotiation: auto }
  web: { url: "http://x", startup_timeout_seconds: 0.5, version_negotiation: legacy }
`);
    const { slow, web } = load().mcpServers;
    expect(slow).toMatchObject({ startupTimeoutMs: 120_000, negotiation: 'auto' });
    expect(web).toMatchObject({ startupTimeoutMs: 500, negotiation: 'legacy' });
    write(`mcp_servers:
  a: { command: x, startup_timeout_seconds: 0 }
  b: { command: x, startup_timeout_seconds: 3601 }
  c: { url: "http://x", version_negotiation: modern }
`);
    const { message } = refusal();
    expect(message).toContain('a.startup_timeout_seconds: must be positive');
    expect(message).toContain('b.startup_timeout_seconds: must be at most 3600');
    expect(message).toContain('c.version_negotiation: must be auto or legacy');
  });

  it('takes permissions of no server over HTTP', () => {
    write('mcp_servers:\n  web: { url: "http://x", permissions: [] }\n');
    expect(refusal().message).toContain('unknown key "mcp_servers.web.permissions"');
  });

  it('names the line of every fault', () => {
    write(`mcp_servers:
  Bad Name: { command: x }
  nothing: {}
  leak: { command: x, args: ["secret://token"] }
  unset: { command: "\${MISSING_VARIABLE}" }
  web: { url: "ftp://x", header: {} }
limit: {}
models:
  a: { provider: openai, model: x }
  b: { provider: openai-compatible, model: x, colour: red }
  c: { provider: anthropic, api_key: "my secret://key" }
  d: { provider: anthropic, model: x, base_url: x, input_usd_per_million: -1 }
`);
    const { message } = refusal();
    for (const part of [
      ':2: ',
      ':3: ',
      ':4: ',
      ':5: ',
      ':6: ',
      ':7: unknown key "limit"',
      'models.a.provider: must be anthropic or openai-compatible',
      ':10: unknown key "models.b.colour"',
      'models.c.model: is missing',
      'models.c.api_key: write secret://name as the whole value',
      'models.d.base_url: is not an http(s) URL',
      'models.d.input_usd_per_million: must not be negative',
      '${MISSING_VARIABLE} is not set',
      'the name must match',
      'nothing.command: is missing',
      'secret:// is allowed in',
      'unknown key "mcp_servers.web.header"',
    ]) {
      expect(message).toContain(part);
    }
  });

  describe('fills in variables', () => {
    const filled = (text: string, env: NodeJS.ProcessEnv = {}) => {
      write(`mcp_servers:\n  a: { command: x, args: [${JSON.stringify(text)}] }\n`);
      return (load(env).mcpServers['a'] as { args: string[] }).args[0];
    };
    const NOTHING = { UNSET: undefined, EMPTY: '', SET: 'v' };

    it.each([
      ['${SET}', 'v'],
      ['a ${SET} b ${SET}', 'a v b v'],
      ['${EMPTY}', ''],
      ['${UNSET:-fallback}', 'fallback'],
      ['${EMPTY:-fallback}', 'fallback'],
      ['${SET:-fallback}', 'v'],
      ['${UNSET-fallback}', 'fallback'],
      ['${EMPTY-fallback}', ''],
      ['${UNSET:-}', ''],
      ['${UNSET:-http://h:1/a?b=c}', 'http://h:1/a?b=c'],
      ['${UNSET:-${EMPTY:-${SET}}}', 'v'],
      ['${UNSET:-{"a": {}}}', '{"a": {}}'],
      ['${SET:-{"a": {}}}', 'v'],
      ['${SET:?must be set}', 'v'],
      ['${UNSET:-:-x}', ':-x'],
      ['$${SET}', '${SET}'],
      ['$$${SET}', '$${SET}'],
      ['$${', '${'],
      ['$SET and $ and $$ and {SET}', '$SET and $ and $$ and {SET}'],
      ['${UNSET:-$${x}}', '${x}'],
    ])('%s is %s', (text, value) => expect(filled(text, NOTHING)).toBe(value));

    it.each([
      ['${UNSET}', '${UNSET} is not set in the environment'],
      ['${UNSET:?ask the operator}', '${UNSET} is not set in the environment: ask the operator'],
      ['${EMPTY:?ask}', '${EMPTY} is empty in the environment: ask'],
      ['${UNSET:-${ALSO_UNSET}}', '${ALSO_UNSET} is not set'],
      ['${env:SET}', '"${env:SET}" is not a valid reference; write ${NAME}'],
      ['${SET:+x}', '"${SET:+x}" is not a valid reference'],
      ['${SET+x}', 'is not a valid reference'],
      ['${SET:=x}', 'is not a valid reference'],
      ['${SET:}', 'is not a valid reference'],
      ['${SET^^}', 'is not a valid reference'],
      ['${ SET }', 'is not a valid reference'],
      ['${1}', 'is not a valid reference'],
      ['${}', '"${}" is not a valid reference'],
      ['${input:token}', 'is not a valid reference'],
      ['Bearer ${', '"${" has no closing }; write ${NAME}'],
      ['${SET', '"${SET" has no closing }'],
      ['${SET:-{}', 'has no closing }'],
    ])('%s is refused', (text, why) => {
      expect(() => filled(text, NOTHING)).toThrow(`mission.yaml:2: mcp_servers.a.args.0: `);
      expect(() => filled(text, NOTHING)).toThrow(why);
    });

    it('wherever the file holds text', () => {
      write(`mcp_servers:
  a: { command: '\${X:-node}', args: ['\${X:-b}'], env: { A: '\${X:-c}' }, cwd: '\${X:-d}', permissions: ['\${X:-read:filesystem:docs}'] }
  b: { url: '\${X:-http://h/}', headers: { a: 'Bearer \${X:-secret-less}' } }
models:
  m: { provider: '\${X:-openai-compatible}', model: '\${X:-e}', base_url: '\${X:-http://m}', api_key: '\${X:-secret://key}' }
scripts: { trust: '\${X:-jailed}', environment: ['\${X:-TZ}'], read_only: ['\${X:-/srv}'] }
secrets: { file: '\${X:-s.env}', env_prefix: '\${X:-OWN_}' }
`);
      expect(load({ X: '' })).toMatchObject({
        mcpServers: {
          a: { command: 'node', args: ['b'], env: { A: 'c' }, cwd: join(project, 'd') },
          b: { url: 'http://h/', headers: { a: 'Bearer secret-less' } },
        },
        models: { m: { provider: 'openai-compatible', model: 'e', apiKey: 'secret://key' } },
        scripts: { trust: 'jailed', environment: ['TZ'], readOnly: ['/srv'] },
        secrets: { file: join(project, 's.env'), envPrefix: 'OWN_' },
      });
    });

    it('and refuses them in names, and says that they need quotes inside braces', () => {
      write(`mcp_servers:\n  a: { command: x, env: { '\${SET}': y } }\n`);
      expect(refusal(NOTHING).message).toContain('in values only, not in names');
      write('mcp_servers:\n  a: { command: x, env: { A: ${SET} } }\n');
      expect(refusal(NOTHING).message).toMatch(/mission\.yaml:2: .* in quotes/);
    });
  });

  it('asks for what a provider needs', () => {
    write(`models:
  a: { provider: openai-compatible, model: x }
  b: { provider: anthropic, model: x }`);
    const { message } = refusal();
    expect(message).toContain('models.a.base_url: is missing: write the address of the API');
    expect(message).toContain('models.b.api_key: is missing: write secret://name');
  });

  it('gives what more a model may be told', () => {
    write(`models:
  m:
    provider: openai-compatible
    model: x
    base_url: http://127.0.0.1:9
    headers: { X-Title: mission, X-Auth: "Bearer \${KEY}", X-Key: secret://key }
    parameters: { temperature: 0, user: "\${KEY}", chat_template_kwargs: { enable_thinking: false } }
    max_tokens_field: max_completion_tokens
    structured_output: true`);
    expect(load({ KEY: 'k1' }).models.m).toMatchObject({
      headers: { 'X-Title': 'mission', 'X-Auth': 'Bearer k1', 'X-Key': 'secret://key' },
      parameters: { temperature: 0, user: 'k1', chat_template_kwargs: { enable_thinking: false } },
      maxTokensField: 'max_completion_tokens',
      structuredOutput: true,
    });
  });

  it.each([
    [
      'parameters: { max_tokens: 5 }',
      'parameters.max_tokens: cannot be set here: it is decided by max_output_tokens',
    ],
    ['parameters: { stream: true }', 'parameters.stream: cannot be set here'],
    ['parameters: { user: "secret://key" }', 'parameters.user: secret:// is allowed in'],
    ['parameters: { a: [{ b: "${GONE}" }] }', 'parameters.a: ${GONE} is not set'],
    ['parameters: [1]', 'parameters'],
    ['headers: { "a b": x }', 'is not a valid header name'],
    ['headers: { Host: x }', 'is a header that cannot be set here'],
    ['headers: { a: "x secret://key" }', 'headers.a: write secret://name as the whole value'],
    ['headers: { a: "x\\ny" }', 'headers.a: must be in one line'],
    ['max_tokens_field: tokens', 'max_tokens_field: must be max_tokens or max_completion_tokens'],
    ['max_tokens_field: max_tokens', 'max_tokens_field: has no effect for anthropic'],
    ['structured_output: "yes"', 'structured_output: must be true or false'],
    [
      'fallback: [gone]',
      'models.m.fallback.0: names the model "gone", which is not configured; there are m',
    ],
    ['fallback: [m]', 'models.m.fallback.0: is the model itself'],
    ['silence_seconds: 0', 'silence_seconds: must be positive'],
    ['base_url: http://me:word@host/v1', 'base_url: must not contain a user name and password'],
  ])('refuses of a model %s', (line, words) => {
    write(`models:\n  m:\n    provider: anthropic\n    model: x\n    api_key: k\n    ${line}`);
    expect(refusal({ KEY: 'k1' }).message).toContain(words);
  });

  it('gives the order of models, and what stands for a tier', () => {
    const model = 'provider: openai-compatible, model: x, base_url: http://127.0.0.1:9';
    write(`models:
  a: { ${model}, fallback: [b, intent], silence_seconds: 5, stream: false }
  b: { ${model} }
tiers: { fast: b, expert: a }`);
    const { models, tiers } = load();
    expect(models.a).toMatchObject({ fallback: ['b', 'intent'], silenceSeconds: 5, stream: false });
    expect(tiers).toEqual({ fast: 'b', expert: 'a' });
    write(`models:\n  fast: { ${model} }\ntiers: { fast: fast, expert: gone }`);
    expect(refusal().message).toContain('tiers.fast: is also the name of a model');
    expect(refusal().message).toContain('tiers.expert: names the model "gone"');
    write('tiers: { quick: a }');
    expect(refusal().message).toMatch(/tiers/);
  });

  it('names the line of broken YAML', () => {
    write('limits: { steps: 1\nmodels: [');
    expect(refusal().message).toMatch(/mission\.yaml:\d/);
  });

  it('says that MISSION_CONFIG names nothing', () => {
    expect(refusal({ MISSION_CONFIG: '/nonexistent.yaml' }).message).toContain('MISSION_CONFIG');
  });
});
