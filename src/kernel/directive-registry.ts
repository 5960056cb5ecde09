import semver from 'semver';
import type { Catalog, DirectiveFile, FileProblem } from '../contracts/catalog.js';
import type { Diagnostic } from '../contracts/diagnostic.js';
import type { Plan } from '../contracts/plan.js';
import { compileDirective } from '../language/compile/compile.js';
import { estimatePlan, type PlanEstimate } from '../language/plan/estimate/estimate.js';
import { missingDirective } from '../language/text/missing-directive.js';
import { DirectiveSummaries } from '../language/compile/summary/directive-summary.js';
import type { PlanReader } from '../observation/readers/plan.reader.js';
import type { Library, LibrarySnapshot } from '../platform/library/library.js';

/** A directive with the diagnostics of its text. */
export interface CheckedDirective {
  name: string;
  /** `project`, `user`, `system`; `history` for a version that is known only from stored Plans. */
  source: string;
  /** Absolute path; absent where the directive lies in no file. */
  file?: string;
  text: string;
  diagnostics: Diagnostic[];
  /** Absent where the text has errors. */
  plan?: Plan;
}

interface Compiled {
  key: string;
  directives: Catalog['directives'];
  checked: CheckedDirective;
}

/** Finds and compiles the directives on disk, and finds earlier versions among the stored Plans. */
export class DirectiveRegistry {
  private readonly compiled = new Map<string, Compiled>();
  private readonly summaries = new DirectiveSummaries();

  constructor(
    private readonly library: Library,
    private readonly plans: PlanReader,
  ) {}

  /** The directives in the order of the library. `query`: a part of the name or the text, in any case; null = all. */
  async list(source: string | null, query: string | null): Promise<CheckedDirective[]> {
    const { directives, catalog } = await this.look();
    const words = query?.toLowerCase() ?? '';
    return [...directives.values()]
      .filter((file) => source === null || file.source === source)
      .filter(({ name, text }) => `${name}\n${text}`.toLowerCase().includes(words))
      .map((file) => this.check(file, catalog));
  }

  /** The directive on disk, or with a version that version, from stored Plans if the disk has another. Null = not found. */
  async find(name: string, version: string | null): Promise<CheckedDirective | null> {
    const { directives, catalog } = await this.look();
    const file = directives.get(name);
    const current = file ? this.check(file, catalog) : null;
    if (version === null || current?.plan?.directive_version === version) return current;
    const stored = await this.plans.find(name, version);
    return (
      stored && { name, source: 'history', text: stored.source, diagnostics: [], plan: stored.plan }
    );
  }

  /** The current version if it lies in the semver range, else the newest stored version in the range. Null = not found. */
  async within(name: string, range: string): Promise<CheckedDirective | null> {
    const current = await this.find(name, null);
    const version = current?.plan?.directive_version;
    if (version !== undefined && semver.satisfies(version, range)) return current;
    const stored = (await this.plans.versions(name)).map((each) => each.directive_version);
    const newest = semver.maxSatisfying(stored, range);
    return newest === null ? null : this.find(name, newest);
  }

  /** The files that could not be loaded, each with the reason. */
  problems(): Promise<readonly FileProblem[]> {
    return this.library.problems();
  }

  /** A hint for a name that no directive has: similar names or files with problems; undefined when there are none. */
  async missing(name: string): Promise<string | undefined> {
    const { directives, problems } = await this.library.snapshot();
    return missingDirective(name, directives.keys(), problems);
  }

  /** Compiles a text as if it were a file of the library. */
  async validate(text: string): Promise<Pick<CheckedDirective, 'diagnostics' | 'plan'>> {
    return compileDirective(text, await this.catalog());
  }

  /** Estimates the cost of a run of a Plan, and lists what the run can touch. */
  async estimate(plan: Plan): Promise<PlanEstimate> {
    return estimatePlan(plan, await this.catalog());
  }

  async catalog(): Promise<Catalog> {
    return (await this.look()).catalog;
  }

  private async look(): Promise<LibrarySnapshot> {
    const { catalog, ...look } = await this.library.snapshot();
    const summaries = this.summaries.of([...look.directives.values()]);
    return { ...look, catalog: { ...catalog, directives: summaries } };
  }

  /** Compiles a file, unless neither its text nor the names that the text can refer to have changed. */
  private check({ name, source, file, text }: DirectiveFile, catalog: Catalog): CheckedDirective {
    const names = [...catalog.projectScripts.keys(), '', ...(catalog.mcpServers ?? [])];
    const key = [...names, text].join('\n');
    const { directives } = catalog;
    const known = this.compiled.get(name);
    if (known?.key === key && known.directives === directives) return known.checked;
    const checked = { name, source, file, text, ...compileDirective(text, catalog) };
    this.compiled.set(name, { key, directives, checked });
    return checked;
  }
}
