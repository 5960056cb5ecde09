import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { DEFAULT_CEILINGS, type Catalog } from '../../contracts/catalog.js';
import { MissionError } from '../../contracts/errors.js';
import type { Config } from '../../platform/config/config.js';
import type { Library } from '../../platform/library/library.js';
import type { Session } from '../client/session.js';

/** What the offline commands check directives against: one project. */
export interface ProjectContext {
  library: Library;
  catalog: Catalog;
}

type Known = Pick<Config, 'project' | 'userHome' | 'ceilings'> & {
  mcpServers: string[] | null;
  models: Config['models'] | null;
};

/** The projects that one command deals with, each opened once. */
export class ProjectContexts {
  private readonly opened = new Map<string | undefined, Promise<ProjectContext>>();

  constructor(private readonly session: Session) {}

  /** The project that a file lies in; without a file, and for one that lies in none, the configured one. */
  of(file?: string): Promise<ProjectContext> {
    const project = file === undefined ? undefined : projectOf(file);
    const known = this.opened.get(project) ?? open(this.session, project);
    this.opened.set(project, known);
    return known;
  }
}

/** The folder above `.ai/directives` or `.ai/tests`. Directives of the home directory belong to whatever project is at hand. */
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
 * A faulty operator's file (a variable that only the server has, say) does not stop a check: it is told,
 * and MCP servers and models are not checked then.
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
      `${error.message}\nGoing on without it: MCP servers, models and limits are not checked.`,
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
