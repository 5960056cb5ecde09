import type { Config } from '../../platform/config/config.js';
import type { ConfigStamp } from '../../platform/config/config-stamp.js';
import type { HostRules } from './host-policy.js';

/** What the API process needs of the configuration. */
export class ApiSettings {
  /** Where it is reached, and which pages may call it. */
  hosts: HostRules;
  /** Where people open Temporal Web UI, without a slash at the end; null = not known. */
  temporalUi: string | null;
  temporalNamespace: string;
  /** Names of the MCP servers in the operator's file. */
  mcpServers: string[];
  /** The operator's file as it was read. */
  configStamp: ConfigStamp;
  /** Clients may read the schema. */
  introspection: boolean;
}

const LOCAL = /^(localhost|127\.|::1)/;

/** Our own Temporal server has its Web UI beside it; a cluster's is known only when it is named. */
function temporalUiOf({ temporal: { address, uiUrl, uiPort } }: Config): string | null {
  if (uiUrl !== undefined) return uiUrl.replace(/\/+$/, '');
  return address === undefined ? `http://127.0.0.1:${uiPort}` : null;
}

/** The schema is open to whoever has a key while the API serves this machine only; elsewhere it is not shown. */
export const apiSettings = (config: Config): ApiSettings => ({
  hosts: { boundTo: config.host, ...config.api },
  temporalUi: temporalUiOf(config),
  temporalNamespace: config.temporal.namespace,
  mcpServers: Object.keys(config.mcpServers),
  configStamp: config.configStamp,
  introspection: LOCAL.test(config.host),
});
