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

/** A directive without errors, as the rules look at it. */
export class Subject {
  readonly steps: PlanStep[];
  /** Every path that an expression reads, in the whole directive. */
  readonly reads: string[][];

  constructor(
    readonly report: Report,
    readonly plan: Plan,
    readonly catalog: Catalog,
    readonly fields: Fields,
    /** The text of a project's script, where it is at hand. */
    readonly scriptText: (name: string) => string | undefined,
    private readonly places: ReadonlyMap<string, MapNode>,
  ) {
    this.steps = [...stepPositions(plan).values()].map(({ steps, index }) => steps[index]!);
    this.reads = templateTexts([plan.steps, plan.always, plan.hooks, plan.concurrency])
      .flatMap((text) => parseTemplate(text).pieces)
      .flatMap((piece) => ('tree' in piece ? referencesOf(piece.tree) : []))
      .map(({ path }) => path);
  }

  /** Where a key of a step stands, else the step itself. */
  at(step: PlanStep, key?: string): Span {
    const node = this.places.get(step.path);
    if (!node) return { offset: 0, end: 0 };
    return key === undefined ? node : new Fields(node).at(key);
  }

  /** True when the author wrote the key. */
  says(step: PlanStep, key: string): boolean {
    const node = this.places.get(step.path);
    return node !== undefined && new Fields(node).has(key);
  }

  /** A map of the head, by key; empty where there is none. */
  within(key: string): Fields | undefined {
    const node = this.fields.get(key);
    return node?.type === 'map' ? new Fields(node) : undefined;
  }

  add(code: LintCode, at: Span, message: string, hint: string): void {
    this.report.add(code, at, message, hint);
  }
}

/** One opinion. */
export type Rule = (subject: Subject) => void;
