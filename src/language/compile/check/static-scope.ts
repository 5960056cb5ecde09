import { ANY, maybe, NEVER, NULL, type Type, union } from '../../types/type.js';
import { type Found, provided } from './provided.js';
import { ANY_FIELDS, eitherOf, mayHave, NO_FIELDS, type ResultFields } from './result-fields.js';

/** A step that precedes the current place. */
interface Passed {
  fields: ResultFields;
  /** True = the step cannot have been skipped. */
  sure: boolean;
}

/** Differences of a block's scope from that of the enclosing block. */
export interface BlockOptions {
  /** Types of the names that the block adds: `item`, `index`, `error`. */
  locals?: Readonly<Record<string, Type>>;
  /** True = the block repeats, so steps further down may have run before the current one. */
  again?: boolean;
  /** True = it is unknown which of the preceding steps have finished. */
  unsure?: boolean;
  /** Paths that the condition of the block reads. */
  guards?: readonly (readonly string[])[];
}

/** The names that are readable at one point of a block, with their types, as far as static analysis knows them. */
export class StaticScope {
  private readonly earlier: Passed[] = [];
  private readonly byName = new Map<string, Passed>();
  private readonly demands: [holds: () => boolean, report: () => void][] = [];
  /** Type of the block's result: that of the last step that cannot be skipped, or of any step after it. */
  private left: { type: Type; sure: boolean } = { type: NEVER, sure: false };
  /** The possible values of `result` at this point. */
  result: ResultFields;

  constructor(
    private readonly outer?: StaticScope,
    private readonly options: BlockOptions = {},
  ) {
    const before = outer?.result ?? NO_FIELDS;
    this.result = options.again ? ANY_FIELDS : options.unsure ? { ...before, type: ANY } : before;
  }

  /**
   * Reports unless `holds()`. Inside a repeating block the check waits for the end of the block, when all its steps are
   * known.
   */
  demand(holds: () => boolean, report: () => void): void {
    if (holds()) return;
    if (this.options.again) this.demands.push([holds, report]);
    else if (this.outer) this.outer.demand(holds, report);
    else report();
  }

  /** Ends a repeating block and hands its open demands to the block around it. */
  close(): void {
    for (const [holds, report] of this.demands.splice(0)) this.outer!.demand(holds, report);
  }

  /** Adds a finished step of this block; `sure` = the step cannot have been skipped. */
  passed(fields: ResultFields, sure: boolean, name = ''): void {
    const step = { fields, sure };
    this.earlier.push(step);
    this.byName.set(name, step);
    this.result = sure ? fields : eitherOf([this.result, fields]);
    this.left = sure
      ? { type: fields.type, sure }
      : { ...this.left, type: union(this.left.type, fields.type) };
  }

  hasLocal(name: string): boolean {
    return Object.hasOwn(this.locals, name) || (this.outer?.hasLocal(name) ?? false);
  }

  /** True when an earlier step of this or an enclosing block could provide the bare name. */
  mayProvide(name: string): boolean {
    return (
      this.earlier.some(({ fields }) => mayHave(fields, name)) ||
      (this.outer?.mayProvide(name) ?? false)
    );
  }

  /** All known readable names, for suggestions. */
  names(): string[] {
    const own = this.earlier.flatMap(({ fields }) => [...fields.known]);
    return [...Object.keys(this.locals), ...own, ...(this.outer?.names() ?? [])];
  }

  /** The possible results of this block. Any step may supply the result, since later ones may be skipped. */
  outcome(): ResultFields {
    const all = eitherOf(this.earlier.map(({ fields }) => fields));
    return { ...all, type: this.left.type };
  }

  /** True if at least one step of the block cannot have been skipped. */
  get leaves(): boolean {
    return this.left.sure;
  }

  /** Type of a bare name: a local, or a field of a finished step's result. */
  typeOf(name: string): Type {
    const local = this.local(name);
    if (local) return local;
    const found: Found = { type: NEVER, certain: true, ended: false };
    this.look(name, found);
    if (found.ended) return found.type;
    return found.type === NEVER ? ANY : union(found.type, maybe(NULL));
  }

  /** Result type of a step in this or an enclosing block; undefined for steps elsewhere. */
  typeOfStep(name: string): Type | undefined {
    const step = this.byName.get(name);
    if (!step) {
      const outside = this.outer?.typeOfStep(name);
      return outside && this.options.unsure ? union(maybe(outside), maybe(NULL)) : outside;
    }
    return step.sure ? step.fields.type : union(step.fields.type, NULL);
  }

  /** All paths that the conditions around this place read. */
  get guards(): readonly (readonly string[])[] {
    return [...(this.outer?.guards ?? []), ...(this.options.guards ?? [])];
  }

  private get locals(): Readonly<Record<string, Type>> {
    return this.options.locals ?? {};
  }

  private local(name: string): Type | undefined {
    return Object.hasOwn(this.locals, name) ? this.locals[name] : this.outer?.local(name);
  }

  /** Resolves a bare name from the nearest step outwards, in the order that a run uses. */
  private look(name: string, found: Found): void {
    for (const { fields, sure } of this.earlier.toReversed()) {
      provided(fields, sure, name, found);
      if (found.ended) return;
    }
    if (this.options.again || this.options.unsure) found.type = union(found.type, ANY);
    this.outer?.look(name, found);
  }
}
