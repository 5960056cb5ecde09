import type { Config } from '../../platform/config/config.js';
import type { ConfigStamp } from '../../platform/config/config-stamp.js';
import type { HostRules } from './host-policy.js';

/** The part of the configuration that the API needs. */
export class ApiSettings {
  /** The hosts under which the API may be called, and the origins of pages that may call it. */
  hosts: HostRules;
  /** The URL of Temporal Web UI, without a slash at the end; null = not known. */
  temporalUi: string | null;
  temporalNamespace: string;
  /** True = the MCP server lists each directive as a tool of its own. */
  directivesAsTools: boolean;
  /** The names of the MCP servers in mission.yaml. */
  mcpServers: string[];
  /** The folder of the project. */
  project: string;
  /** The stamp of mission.yaml as it was read at the start. */
  configStamp: ConfigStamp;
  /** True = clients may read the schema. */
  introspection: boolean;
}

const LOCAL = /^(localhost|127\.|::1)/;

/** The Web UI of the bundled Temporal server, or the one that the configuration names for a cluster. */
function temporalUiOf({ temporal: { address, uiUrl, uiPort } }: Config): string | null {
  if (uiUrl !== undefined) return uiUrl.replace(/\/+$/, '');
  return address === undefined ? `http://127.0.0.1:${uiPort}` : null;
}

/** Takes the settings from the configuration. Introspection is on only while the API listens on loopback. */
export const apiSettings = (config: Config): ApiSettings => ({
  hosts: {
    boundTo: config.host,
    allowedHosts: config.api.allowedHosts,
    allowedOrigins: config.api.allowedOrigins,
  },
  directivesAsTools: config.api.directivesAsTools,
  temporalUi: temporalUiOf(config),
  temporalNamespace: config.temporal.namespace,
  mcpServers: Object.keys(config.mcpServers),
  project: config.project,
  configStamp: config.configStamp,
  introspection: LOCAL.test(config.host),
});
