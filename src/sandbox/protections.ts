import type { Config } from '../platform/config/config.js';
import type { Logger } from '../platform/logger.js';
import type { JailOptions } from './jail.js';
import { ownFiles } from './own-files.js';

const BREACH =
  'somebody replaced or made this while something jailed was running that may write around it, or must not see it; it was stopped. Make sure that it is what you want it to be';

/**
 * The jail options that are the same for scripts and MCP servers: the paths
 * that no jailed process may see or change.
 */
export const protectionsOf = (
  config: Config,
  logger: Logger,
): Pick<JailOptions, 'confidential' | 'closed' | 'onBreach'> => ({
  confidential: confidentialOf(config),
  closed: ownFiles(config),
  onBreach: (path) => logger.warn({ path }, BREACH),
});

const confidentialOf = ({ home, secrets, temporal }: Config): string[] =>
  [home, secrets.keyFile, secrets.file, temporal.payloadKeys].filter((path) => path !== undefined);
