import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Catalog, DirectiveFile, FileProblem } from '../../contracts/catalog.js';
import type { Limits } from '../../contracts/plan.js';
import type { ProjectScript, ScriptManifest } from '../../contracts/script.js';
import { modelNames } from '../config/config-models.js';
import { FileTree, type Files } from '../files/file-tree.js';
import { singleFlight } from './single-flight.js';
import { LibraryIndex } from './library-index.js';
import { listProjectScripts } from './project-scripts.js';
import { loadScriptManifests } from './script-manifests.js';

/** Where the library looks, and what the operator's file says. */
export interface LibraryOptions {
  /** Absolute path of the project, whose `.ai/` is the project source. */
  project: string;
  /** Folder whose `.ai/` is the user source; the user's home when absent. */
  userHome?: string;
  /** The shipped `directives/` folder. */
  systemRoot?: string;
  /** Names of the configured MCP servers; null = not known here. */
  mcpServers: readonly string[] | null;
  /** The configured models; absent or null = not known here. */
  models?: Readonly<Record<string, unknown>> | null;
  ceilings: Limits;
  /** Told of each file that is left out, once until it is mended. */
  onProblem?: (problem: FileProblem) => void;
}

interface Shelf {
  directives: ReadonlyMap<string, DirectiveFile>;
  projectScripts: Map<string, ProjectScript>;
  problems: readonly FileProblem[];
}

/** The directives in the order of their names, and what their texts are checked against. */
export interface LibrarySnapshot {
  directives: ReadonlyMap<string, DirectiveFile>;
  /** Files that were left out, each with the reason. */
  problems: readonly FileProblem[];
  catalog: Catalog;
}

const SHIPPED = join(import.meta.dirname, '../../../directives');
const NO_FILES: Files = { files: [], problems: [] };
/** JSON is YAML. */
const YAML = ['.yaml', '.yml', '.json'];

/**
 * The directives and scripts that can be named: project beats user; system names are reserved.
 * Every call sees the files as they are; unchanged ones are not read again.
 */
export class Library {
  private readonly trees: { system: FileTree; project: FileTree; user?: FileTree };
  private readonly system: string;
  /** Ships with the program: read once. */
  private shipped: ReturnType<FileTree['read']> | undefined;
  private manifests: Promise<ReadonlyMap<string, ScriptManifest>> | undefined;
  private readonly shelves = new LibraryIndex();
  private told: ReadonlySet<string> = new Set();
  private readonly shelf = singleFlight(() => this.read());

  constructor(private readonly options: LibraryOptions) {
    const { project, userHome = homedir(), systemRoot = SHIPPED } = options;
    this.system = systemRoot;
    this.trees = {
      system: new FileTree(join(systemRoot, 'system'), YAML),
      project: new FileTree(join(project, '.ai/directives'), YAML),
    };
    // Where the home directory is the project, its directives are the project's.
    if (userHome !== project) {
      this.trees.user = new FileTree(join(userHome, '.ai/directives'), YAML);
    }
  }

  /** Every directive that can be run, by name. */
  async directives(): Promise<DirectiveFile[]> {
    return [...(await this.shelf()).directives.values()];
  }

  async directive(name: string): Promise<DirectiveFile | undefined> {
    return (await this.shelf()).directives.get(name);
  }

  /** Files that were left out, each with the reason. */
  async problems(): Promise<readonly FileProblem[]> {
    return (await this.shelf()).problems;
  }

  /** What a directive's text is checked against. */
  async catalog(): Promise<Catalog> {
    return (await this.snapshot()).catalog;
  }

  /** Both of one moment, for the price of one reading. */
  async snapshot(): Promise<LibrarySnapshot> {
    const scripts = await this.scripts();
    const { directives, projectScripts, problems } = await this.shelf();
    const { mcpServers, models, ceilings } = this.options;
    const servers = mcpServers && new Set(mcpServers);
    const named = { mcpServers: servers, models: models ? modelNames(models) : null, ceilings };
    return { directives, problems, catalog: { scripts, projectScripts, ...named } };
  }

  /** Manifests of the system scripts by name; they ship with the program and are read once. */
  scripts(): Promise<ReadonlyMap<string, ScriptManifest>> {
    return (this.manifests ??= loadScriptManifests(join(this.system, 'scripts')));
  }

  private async read(): Promise<Shelf> {
    const problems: FileProblem[] = [];
    const [projectScripts, shipped, project, user] = await Promise.all([
      this.readScripts(problems),
      (this.shipped ??= this.trees.system.read()),
      this.trees.project.read(),
      this.trees.user?.read() ?? NO_FILES,
    ]);
    const shelved = this.shelves.of({ system: shipped, project, user });
    const all = [...problems, ...shelved.problems];
    this.tell(all);
    return { directives: shelved.directives, projectScripts, problems: all };
  }

  private tell(problems: readonly FileProblem[]): void {
    const { onProblem } = this.options;
    if (!onProblem) return;
    const news = problems.filter(({ file, message }) => !this.told.has(`${file}: ${message}`));
    this.told = new Set(problems.map(({ file, message }) => `${file}: ${message}`));
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

const RESERVED = 'has the name of a system script, which stays in force; choose another name';
