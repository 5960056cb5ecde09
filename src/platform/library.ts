import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Catalog, DirectiveFile, Source } from '../contracts/catalog.js';
import type { Limits } from '../contracts/plan.js';
import type { ProjectScript, ScriptManifest } from '../contracts/script.js';
import { modelNames } from './config-models.js';
import { FileTree, type FileProblem, type TextFile } from './file-tree.js';
import { freshly } from './freshly.js';
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
}

interface Shelf {
  directives: Map<string, DirectiveFile>;
  projectScripts: Map<string, ProjectScript>;
  problems: FileProblem[];
}

/** The directives in the order of their names, and what their texts are checked against. */
export interface Look {
  directives: ReadonlyMap<string, DirectiveFile>;
  catalog: Catalog;
}

type Files = Awaited<ReturnType<FileTree['read']>>;

const SHIPPED = join(import.meta.dirname, '../../directives');
const YAML = ['.yaml', '.yml'];
/** The field as every directive writes it: at the start of a line. The full text is the language's business. */
const NAME_FIELD = /^(?:\uFEFF)?name:[ \t]+(["']?)([^\s"'#]+)\1[ \t]*(?:#.*)?\r?$/m;

/**
 * The directives and scripts that can be named: project beats user; system names are reserved.
 * Every call sees the files as they are; unchanged ones are not read again.
 */
export class Library {
  private readonly trees: Record<Source, FileTree>;
  private readonly system: string;
  /** Ships with the program: read once. */
  private shipped: Promise<Files> | undefined;
  private manifests: Promise<ReadonlyMap<string, ScriptManifest>> | undefined;
  private readonly shelf = freshly(() => this.read());

  constructor(private readonly options: LibraryOptions) {
    const { project, userHome = homedir(), systemRoot = SHIPPED } = options;
    this.system = systemRoot;
    this.trees = {
      system: new FileTree(join(systemRoot, 'system'), YAML),
      project: new FileTree(join(project, '.ai/directives'), YAML),
      user: new FileTree(join(userHome, '.ai/directives'), YAML),
    };
  }

  /** Every directive that can be run, by name. */
  async directives(): Promise<DirectiveFile[]> {
    return [...(await this.shelf()).directives.values()];
  }

  async directive(name: string): Promise<DirectiveFile | undefined> {
    return (await this.shelf()).directives.get(name);
  }

  /** Files that were left out, each with the reason. */
  async problems(): Promise<FileProblem[]> {
    return (await this.shelf()).problems;
  }

  /** What a directive's text is checked against. */
  async catalog(): Promise<Catalog> {
    return (await this.look()).catalog;
  }

  /** Both of one moment, for the price of one reading. */
  async look(): Promise<Look> {
    const scripts = await this.scripts();
    const { directives, projectScripts } = await this.shelf();
    const { mcpServers, models, ceilings } = this.options;
    const servers = mcpServers && new Set(mcpServers);
    const named = { mcpServers: servers, models: models ? modelNames(models) : null, ceilings };
    return { directives, catalog: { scripts, projectScripts, ...named } };
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
      this.trees.user.read(),
    ]);
    const shelf: Shelf = { directives: new Map(), projectScripts, problems };
    putAll(shelf, 'system', shipped);
    putAll(shelf, 'project', project);
    putAll(shelf, 'user', user);
    const byName = [...shelf.directives].sort(([a], [b]) => (a < b ? -1 : 1));
    return { ...shelf, directives: new Map(byName) };
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

function putAll(shelf: Shelf, source: Source, { files, problems }: Files): void {
  shelf.problems.push(...problems);
  for (const each of files) put(shelf, source, each);
}

function put(shelf: Shelf, source: Source, { file, text }: TextFile): void {
  const name = NAME_FIELD.exec(text)?.[2];
  const known = name === undefined ? undefined : shelf.directives.get(name);
  const message = name === undefined ? NO_NAME : (misnamed(file, name) ?? clash(source, known));
  if (message !== undefined) shelf.problems.push({ file, message });
  else if (name !== undefined && !known) shelf.directives.set(name, { name, source, file, text });
}

const RESERVED = 'has the name of a system script, which stays in force; choose another name';
const NO_NAME = 'has no name; begin it with `name: the_file_name`';

function misnamed(file: string, name: string): string | undefined {
  const base = basename(file, extname(file));
  if (base === name) return undefined;
  return `is named ${name}; rename the file to ${name}${extname(file)} or write \`name: ${base}\``;
}

/** A user's directive under a project's one is no fault: the project wins silently. */
function clash(source: Source, known: DirectiveFile | undefined): string | undefined {
  if (known?.source === 'system')
    return `has the name of a system directive (${known.name}), which stays in force; choose another name`;
  if (known?.source === source) return `is ignored: ${known.file} has the same name; keep one`;
  return undefined;
}
