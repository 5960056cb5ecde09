import type { PermissionVerb } from '../../contracts/permission.js';

/** A resource that the language defines, and the permissions that exist for it. */
export interface Resource {
  /** Verbs that grant something. */
  verbs: readonly PermissionVerb[];
  /** Description of what a scope names. */
  scope: string;
  /** Pattern of valid scopes; absent = any text. */
  pattern?: RegExp;
  /** An example of a scope. */
  example: string;
}

/** Patterns of names, with the wildcards `*` and `?`. */
const NAME = /^[a-z*?][a-z0-9_*?]*$/;
const CONFIGURED = /^[a-z*?][a-z0-9_*?-]*$/;
const EVENT = /^[A-Za-z*?][A-Za-z0-9_.*?-]*$/;

export const RESOURCES: Readonly<Record<string, Resource>> = {
  filesystem: {
    verbs: ['read', 'write', 'delete'],
    scope: 'files of the project',
    example: 'reports/**',
  },
  network: {
    verbs: ['read', 'write', 'execute'],
    scope: 'a host, or host:port',
    example: 'api.example.com:443',
  },
  mcp_gateway: {
    verbs: ['execute'],
    scope: 'an MCP server',
    pattern: CONFIGURED,
    example: 'files',
  },
  kernel: {
    verbs: ['execute'],
    scope: 'a verb of the kernel: search, load, execute or help',
    pattern: NAME,
    example: 'search',
  },
  mcps: { verbs: ['read'], scope: 'an MCP server', pattern: CONFIGURED, example: 'files' },
  models: {
    verbs: ['execute'],
    scope: 'a model of mission.yaml',
    pattern: CONFIGURED,
    example: 'fast',
  },
  directives: {
    verbs: ['execute', 'read'],
    scope: 'a directive',
    pattern: NAME,
    example: 'notify',
  },
  events: { verbs: ['write'], scope: 'an event', pattern: EVENT, example: 'order.paid' },
  secrets: { verbs: ['read'], scope: 'a secret', pattern: NAME, example: 'github_token' },
};

/** Common wrong names of resources that are not near the right name by spelling. */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
  file: 'filesystem',
  files: 'filesystem',
  fs: 'filesystem',
  folder: 'filesystem',
  folders: 'filesystem',
  directory: 'filesystem',
  path: 'filesystem',
  paths: 'filesystem',
  disk: 'filesystem',
  net: 'network',
  http: 'network',
  https: 'network',
  url: 'network',
  host: 'network',
  hosts: 'network',
  internet: 'network',
  web: 'network',
  mcp: 'mcp_gateway',
  mcp_server: 'mcp_gateway',
  mcp_servers: 'mcp_gateway',
  mcp_tool: 'mcp_gateway',
  mcp_tools: 'mcp_gateway',
  gateway: 'mcp_gateway',
  llm: 'models',
  llms: 'models',
  env: 'secrets',
  environment: 'secrets',
};
