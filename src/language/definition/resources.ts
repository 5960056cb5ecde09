import type { PermissionVerb } from '../../contracts/permission.js';

/** A resource that the language itself knows, and what a permission can say of it. */
export interface Resource {
  /** The verbs that open something. */
  verbs: readonly PermissionVerb[];
  /** What a scope names. */
  scope: string;
  /** A scope that can name something matches; absent: any text may. */
  pattern?: RegExp;
  /** A scope as it is written. */
  example: string;
}

/** Names, in which `*` and `?` stand for any letters. */
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

/** What people write instead, where spelling alone does not lead to the right name. */
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
