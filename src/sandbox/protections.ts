import type { Config } from '../platform/config/config.js';
import type { Logger } from '../platform/logger.js';
import type { JailOptions } from './jail.js';
import { ownFiles } from './own-files.js';

const BREACH =
  'this protected file was replaced or created while a sandboxed process that must not see or change it was running; the process was stopped. Check that the content of the file is what you want';

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
