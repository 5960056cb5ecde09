import type { Catalog, DirectiveFile } from '../contracts/catalog.js';
import type { Diagnostic } from '../contracts/diagnostic.js';
import type { Plan } from '../contracts/plan.js';
import { compileDirective } from '../language/compile.js';
import type { PlanReader } from '../observation/plan.reader.js';
import type { Library } from '../platform/library.js';

/** A directive with everything that was found in its text. */
export interface CheckedDirective {
  name: string;
  /** `project`, `user`, `system`; `history` for a version that only stored runs remember. */
  source: string;
  text: string;
  diagnostics: Diagnostic[];
  /** Absent where the text has errors. */
  plan?: Plan;
}

/** The directives as they lie on disk, compiled; and earlier versions from the Plans that were run. */
export class DirectiveShelf {
  private readonly compiled = new Map<string, { key: string; checked: CheckedDirective }>();

  constructor(
    private readonly library: Library,
    private readonly plans: PlanReader,
  ) {}

  /** By name. `query` is looked for in names and texts. */
  async list(source: string | null, query: string | null): Promise<CheckedDirective[]> {
    const catalog = await this.library.catalog();
    const words = query?.toLowerCase() ?? '';
    return (await this.library.directives())
      .filter((file) => source === null || file.source === source)
      .filter(({ name, text }) => `${name}\n${text}`.toLowerCase().includes(words))
      .map((file) => this.check(file, catalog));
  }

  /** The directive as it is now; with a version, that one, from the history if need be. */
  async find(name: string, version: string | null): Promise<CheckedDirective | null> {
    const file = await this.library.directive(name);
    const current = file ? this.check(file, await this.library.catalog()) : null;
    if (version === null || current?.plan?.directive_version === version) return current;
    const stored = await this.plans.find(name, version);
    return (
      stored && { name, source: 'history', text: stored.source, diagnostics: [], plan: stored.plan }
    );
  }

  /** What a text would be, were it a file. */
  async validate(text: string): Promise<Pick<CheckedDirective, 'diagnostics' | 'plan'>> {
    return compileDirective(text, await this.library.catalog());
  }

  /** Compiles again only when the text, or what it may name, has changed. */
  private check({ name, source, text }: DirectiveFile, catalog: Catalog): CheckedDirective {
    const names = [...catalog.projectScripts.keys(), '', ...(catalog.mcpServers ?? [])];
    const key = [...names, text].join('\n');
    const known = this.compiled.get(name);
    if (known?.key === key) return known.checked;
    const checked = { name, source, text, ...compileDirective(text, catalog) };
    this.compiled.set(name, { key, checked });
    return checked;
  }
}
