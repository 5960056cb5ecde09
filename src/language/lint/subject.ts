import type { Catalog } from '../../contracts/catalog.js';
import type { Plan, PlanStep } from '../../contracts/plan.js';
import type { LintCode } from '../text/codes.js';
import { Fields } from '../compile/fields/fields.js';
import { parseTemplate } from '../expression/parse-template.js';
import { referencesOf } from '../expression/references.js';
import type { Report } from '../parse/report.js';
import type { MapNode, Span } from '../parse/tree.js';
import { stepPositions } from '../plan/steps/step-positions.js';
import { templateTexts } from '../plan/template-texts.js';

/** The valid directive that the lint rules check. */
export class Subject {
  readonly steps: PlanStep[];
  /** All paths that expressions of the directive read. */
  readonly reads: string[][];

  constructor(
    readonly report: Report,
    readonly plan: Plan,
    readonly catalog: Catalog,
    readonly fields: Fields,
    /** Returns the text of a project script, if available. */
    readonly scriptText: (name: string) => string | undefined,
    private readonly places: ReadonlyMap<string, MapNode>,
  ) {
    this.steps = [...stepPositions(plan).values()].map(({ steps, index }) => steps[index]!);
    this.reads = templateTexts([plan.steps, plan.always, plan.hooks, plan.concurrency])
      .flatMap((text) => parseTemplate(text).pieces)
      .flatMap((piece) => ('tree' in piece ? referencesOf(piece.tree) : []))
      .map(({ path }) => path);
  }

  /** Position of a key of a step, else of the step. */
  at(step: PlanStep, key?: string): Span {
    const node = this.places.get(step.path);
    if (!node) return { offset: 0, end: 0 };
    return key === undefined ? node : new Fields(node).at(key);
  }

  /** True when the text of the step has the key. */
  says(step: PlanStep, key: string): boolean {
    const node = this.places.get(step.path);
    return node !== undefined && new Fields(node).has(key);
  }

  /** Entries of a top-level map; undefined when the key has no map. */
  within(key: string): Fields | undefined {
    const node = this.fields.get(key);
    return node?.type === 'map' ? new Fields(node) : undefined;
  }

  add(code: LintCode, at: Span, message: string, hint: string): void {
    this.report.add(code, at, message, hint);
  }
}

/** One lint rule. */
export type Rule = (subject: Subject) => void;
