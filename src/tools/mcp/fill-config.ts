import { secretNameOf } from '../../contracts/secret.js';
import type { McpServerConfig } from '../../platform/config/config.js';

/**
 * Replaces `secret://name` in the environment or headers of a server's
 * configuration by the secret.
 */
export async function fillConfig(
  config: McpServerConfig,
  resolve: (name: string) => Promise<string>,
): Promise<McpServerConfig> {
  const fill = async (values: Record<string, string>) => {
    const filled: Record<string, string> = {};
    for (const [key, value] of Object.entries(values)) {
      const name = secretNameOf(value);
      filled[key] = name === undefined ? value : await resolve(name);
    }
    return filled;
  };
  return config.transport === 'stdio'
    ? { ...config, env: await fill(config.env) }
    : { ...config, headers: await fill(config.headers) };
}
