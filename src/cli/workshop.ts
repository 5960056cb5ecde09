import { DEFAULT_CEILINGS, type Catalog } from '../contracts/catalog.js';
import { MissionError } from '../contracts/errors.js';
import type { Config } from '../platform/config.js';
import type { Library } from '../platform/library.js';
import type { Session } from './session.js';

/** What the offline commands check directives against. */
export interface Workshop {
  library: Library;
  catalog: Catalog;
}

type Known = Pick<Config, 'project' | 'userHome' | 'ceilings'> & { mcpServers: string[] | null };

/**
 * Opens the project's library. A faulty operator's file (a variable that only the server has, say)
 * does not stop a check: it is told, and MCP servers are not checked then.
 */
export async function openWorkshop(session: Session): Promise<Workshop> {
  const { Library: Shelf } = await import('../platform/library.js');
  const { project, userHome, ceilings, mcpServers } = await known(session);
  const library = new Shelf({ project, userHome, mcpServers, ceilings });
  return { library, catalog: await library.catalog() };
}

async function known(session: Session): Promise<Known> {
  try {
    const config = await session.config();
    return { ...config, mcpServers: Object.keys(config.mcpServers) };
  } catch (error) {
    if (!(error instanceof MissionError)) throw error;
    session.note(`${error.message}\nGoing on without it: MCP servers and limits are not checked.`);
    const { loadClientConfig } = await import('../platform/config-client.js');
    return { ...loadClientConfig(session.env), ceilings: DEFAULT_CEILINGS, mcpServers: null };
  }
}
