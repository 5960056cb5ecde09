import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { DEFAULT_CEILINGS, type Catalog } from '../../contracts/catalog.js';
import { MissionError } from '../../contracts/errors.js';
import type { Config } from '../../platform/config/config.js';
import type { Library } from '../../platform/library/library.js';
import type { Session } from '../client/session.js';

/** The project that the offline commands check directives against. */
export interface ProjectContext {
  library: Library;
  catalog: Catalog;
}

type Known = Pick<Config, 'project' | 'userHome' | 'ceilings'> & {
  mcpServers: string[] | null;
  models: Config['models'] | null;
};

/** The projects of one command, each opened once. */
export class ProjectContexts {
  private readonly opened = new Map<string | undefined, Promise<ProjectContext>>();

  constructor(private readonly session: Session) {}

  /**
   * The project that contains a file; the configured one without a file, or for
   * a file outside projects.
   */
  of(file?: string): Promise<ProjectContext> {
    const project = file === undefined ? undefined : projectOf(file);
    const known = this.opened.get(project) ?? open(this.session, project);
    this.opened.set(project, known);
    return known;
  }
}

/**
 * The directory above `.ai/directives` or `.ai/tests`. Directives of the home
 * directory belong to no project of their own.
 */
function projectOf(file: string): string | undefined {
  const path = resolve(file);
  const places = ['directives', 'tests'].map((folder) => join(sep, '.ai', folder));
  const at = Math.max(...places.map((place) => `${path}${sep}`.lastIndexOf(place + sep)));
  const project = path.slice(0, Math.max(at, 0));
  return project === '' || project === homedir() ? undefined : project;
}

async function open(session: Session, project: string | undefined): Promise<ProjectContext> {
  const { Library: Shelf } = await import('../../platform/library/library.js');
  const library = new Shelf(await known(session, project));
  const { DirectiveSummaries } =
    await import('../../language/compile/summary/directive-summary.js');
  const { directives, catalog } = await library.snapshot();
  const summaries = new DirectiveSummaries().of([...directives.values()]);
  return { library, catalog: { ...catalog, directives: summaries } };
}

/**
 * Reads the configuration. An invalid operator's file (a variable that is only
 * set for the server, for example) does not stop a check: the error is printed,
 * and MCP servers, models and limits are not checked.
 */
async function known(session: Session, project: string | undefined): Promise<Known> {
  const { loadClientConfig } = await import('../../platform/config/config-client.js');
  const client = loadClientConfig(session.env);
  try {
    const config = await session.config(project);
    return { ...config, mcpServers: Object.keys(config.mcpServers) };
  } catch (error) {
    if (!(error instanceof MissionError)) throw error;
    session.note(
      `${error.message}\nThe file is ignored: MCP servers, models and limits are not checked.`,
    );
    const { userHome } = client;
    return {
      project: project ?? client.project,
      userHome,
      ceilings: DEFAULT_CEILINGS,
      mcpServers: null,
      models: null,
    };
  }
}
