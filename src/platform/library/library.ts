import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Catalog, DirectiveFile, FileProblem } from '../../contracts/catalog.js';
import type { Limits } from '../../contracts/plan.js';
import type { ProjectScript, ScriptManifest } from '../../contracts/script.js';
import { modelNames, type ModelTiers } from '../config/config-models.js';
import { FileTree, type Files } from '../files/file-tree.js';
import { singleFlight } from './single-flight.js';
import { LibraryIndex } from './library-index.js';
import { listProjectScripts } from './project-scripts.js';
import { loadScriptManifests } from './script-manifests.js';

/**
 * The directories of the library and the relevant parts of the configuration.
 */
export interface LibraryOptions {
  /** Absolute path of the project; its `.ai/` is the project source. */
  project: string;
  /** Directory whose `.ai/` is the user source; the user's home when absent. */
  userHome?: string;
  /** The `directives/` directory that ships with the program. */
  systemRoot?: string;
  /** Names of the configured MCP servers; null means unknown. */
  mcpServers: readonly string[] | null;
  /** The configured models; absent or null means unknown. */
  models?: Readonly<Record<string, unknown>> | null;
  /** The names of models by the tier that they stand for. */
  tiers?: ModelTiers;
  ceilings: Limits;
  /**
   * Called once for each file that is left out, and again after it was repaired
   * and broke again.
   */
  onProblem?: (problem: FileProblem) => void;
}

interface Contents {
  directives: ReadonlyMap<string, DirectiveFile>;
  projectScripts: Map<string, ProjectScript>;
  problems: readonly FileProblem[];
}

/**
 * The directives in the order of their names, and the catalog that their texts
 * are checked against.
 */
export interface LibrarySnapshot {
  directives: ReadonlyMap<string, DirectiveFile>;
  /** Files that were left out, each with the reason. */
  problems: readonly FileProblem[];
  catalog: Catalog;
}

const SHIPPED = join(import.meta.dirname, '../../../directives');
const NO_FILES: Files = { files: [], problems: [] };
/** JSON files are included, because JSON is a subset of YAML. */
const DIRECTIVES = ['.yaml', '.yml', '.json', '.md'];

/**
 * The directives and scripts that can be named. The project's override the
 * user's; names of system directives are reserved. Every call reflects the
 * current files; unchanged files are not read again.
 */
export class Library {
  private readonly trees: { system: FileTree; project: FileTree; user?: FileTree };
  private readonly system: string;
  /** The system directives ship with the program and are read once. */
  private shipped: ReturnType<FileTree['read']> | undefined;
  private manifests: Promise<ReadonlyMap<string, ScriptManifest>> | undefined;
  private readonly index = new LibraryIndex();
  private reported: ReadonlySet<string> = new Set();
  private readonly contents = singleFlight(() => this.read());

  constructor(private readonly options: LibraryOptions) {
    const { project, userHome = homedir(), systemRoot = SHIPPED } = options;
    this.system = systemRoot;
    this.trees = {
      system: new FileTree(join(systemRoot, 'system'), DIRECTIVES),
      project: new FileTree(join(project, '.ai/directives'), DIRECTIVES),
    };
    // If the home directory is the project, its directives belong to the
    // project.
    if (userHome !== project) {
      this.trees.user = new FileTree(join(userHome, '.ai/directives'), DIRECTIVES);
    }
  }

  /** Lists every directive that can be run. */
  async directives(): Promise<DirectiveFile[]> {
    return [...(await this.contents()).directives.values()];
  }

  async directive(name: string): Promise<DirectiveFile | undefined> {
    return (await this.contents()).directives.get(name);
  }

  /** Lists the files that were left out, each with the reason. */
  async problems(): Promise<readonly FileProblem[]> {
    return (await this.contents()).problems;
  }

  /** The catalog that a directive's text is checked against. */
  async catalog(): Promise<Catalog> {
    return (await this.snapshot()).catalog;
  }

  /** Directives and catalog of the same moment, from a single read. */
  async snapshot(): Promise<LibrarySnapshot> {
    const scripts = await this.scripts();
    const { directives, projectScripts, problems } = await this.contents();
    const { mcpServers, models, tiers, ceilings } = this.options;
    const servers = mcpServers && new Set(mcpServers);
    const named = {
      mcpServers: servers,
      models: models ? modelNames(models, tiers) : null,
      ceilings,
    };
    return { directives, problems, catalog: { scripts, projectScripts, ...named } };
  }

  /**
   * Manifests of the system scripts by name; they ship with the program and are
   * read once.
   */
  scripts(): Promise<ReadonlyMap<string, ScriptManifest>> {
    return (this.manifests ??= loadScriptManifests(join(this.system, 'scripts')));
  }

  private async read(): Promise<Contents> {
    const problems: FileProblem[] = [];
    const [projectScripts, shipped, project, user] = await Promise.all([
      this.readScripts(problems),
      (this.shipped ??= this.trees.system.read()),
      this.trees.project.read(),
      this.trees.user?.read() ?? NO_FILES,
    ]);
    const indexed = this.index.of({ system: shipped, project, user });
    const all = [...problems, ...indexed.problems];
    this.report(all);
    return { directives: indexed.directives, projectScripts, problems: all };
  }

  private report(problems: readonly FileProblem[]): void {
    const { onProblem } = this.options;
    if (!onProblem) return;
    const news = problems.filter(({ file, message }) => !this.reported.has(`${file}: ${message}`));
    this.reported = new Set(problems.map(({ file, message }) => `${file}: ${message}`));
    news.forEach(onProblem);
  }

  private async readScripts(problems: FileProblem[]): Promise<Map<string, ProjectScript>> {
    const { project } = this.options;
    const found = await listProjectScripts(project, (problem) => problems.push(problem)).catch(
      ({ message }: Error) => {
        problems.push({ file: join(project, '.ai'), message: `cannot be read: ${message}` });
        return new Map<string, ProjectScript>();
      },
    );
    for (const name of (await this.scripts()).keys()) {
      const shadow = found.get(name);
      if (found.delete(name)) problems.push({ file: shadow!.file, message: RESERVED });
    }
    return found;
  }
}

const RESERVED = 'has the name of a system script, which takes precedence; choose another name';
