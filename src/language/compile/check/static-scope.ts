import { ANY, maybe, NEVER, NULL, type Type, union } from '../../types/type.js';
import { type Found, provided } from './provided.js';
import { ANY_FIELDS, eitherOf, mayHave, NO_FIELDS, type ResultFields } from './result-fields.js';

/** A step that has been passed. */
interface Passed {
  fields: ResultFields;
  /** It cannot have been skipped. */
  sure: boolean;
}

/** What a block adds to the one around it. */
export interface BlockOptions {
  /** Names that it adds: `item`, `index`, `error`. */
  locals?: Readonly<Record<string, Type>>;
  /** Its steps are run again: an earlier step may stand further down. */
  again?: boolean;
  /** Which of the steps before have finished is not known here. */
  unsure?: boolean;
  /** Paths that the condition before it looks at. */
  guards?: readonly (readonly string[])[];
}

/** What names can mean at one point of a block, as far as the text tells. */
export class StaticScope {
  private readonly earlier: Passed[] = [];
  private readonly byName = new Map<string, Passed>();
  private readonly demands: [holds: () => boolean, report: () => void][] = [];
  /** The last step for certain finished; what the block leaves behind is that of it or of one after it. */
  private left: { type: Type; sure: boolean } = { type: NEVER, sure: false };
  /** What `result` may be here. */
  result: ResultFields;

  constructor(
    private readonly outer?: StaticScope,
    private readonly options: BlockOptions = {},
  ) {
    const before = outer?.result ?? NO_FIELDS;
    this.result = options.again ? ANY_FIELDS : options.unsure ? { ...before, type: ANY } : before;
  }

  /** Reports what does not hold: now, or where the loop around it ends and all of its steps are known. */
  demand(holds: () => boolean, report: () => void): void {
    if (holds()) return;
    if (this.options.again) this.demands.push([holds, report]);
    else if (this.outer) this.outer.demand(holds, report);
    else report();
  }

  /** The end of a block whose steps are run again. */
  close(): void {
    for (const [holds, report] of this.demands.splice(0)) this.outer!.demand(holds, report);
  }

  /** A step of this block has been passed; `sure` = it cannot have been skipped. */
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

  /** True when an earlier step of this block or of one around it could provide the bare name. */
  mayProvide(name: string): boolean {
    return (
      this.earlier.some(({ fields }) => mayHave(fields, name)) ||
      (this.outer?.mayProvide(name) ?? false)
    );
  }

  /** Everything that is known to be nameable here, for suggestions. */
  names(): string[] {
    const own = this.earlier.flatMap(({ fields }) => [...fields.known]);
    return [...Object.keys(this.locals), ...own, ...(this.outer?.names() ?? [])];
  }

  /** What this block may leave behind: the result of any of its steps, since later ones may be skipped. */
  outcome(): ResultFields {
    const all = eitherOf(this.earlier.map(({ fields }) => fields));
    return { ...all, type: this.left.type };
  }

  /** At least one of its steps cannot have been skipped. */
  get leaves(): boolean {
    return this.left.sure;
  }

  /** What a local, or a field of a finished step's result, is. */
  typeOf(name: string): Type {
    const local = this.local(name);
    if (local) return local;
    const found: Found = { type: NEVER, certain: true, ended: false };
    this.look(name, found);
    if (found.ended) return found.type;
    return found.type === NEVER ? ANY : union(found.type, maybe(NULL));
  }

  /** The result of a step of this block or one around it; undefined where it stands elsewhere. */
  typeOfStep(name: string): Type | undefined {
    const step = this.byName.get(name);
    if (!step) {
      const outside = this.outer?.typeOfStep(name);
      return outside && this.options.unsure ? union(maybe(outside), maybe(NULL)) : outside;
    }
    return step.sure ? step.fields.type : union(step.fields.type, NULL);
  }

  /** Every path that a condition around this place looks at. */
  get guards(): readonly (readonly string[])[] {
    return [...(this.outer?.guards ?? []), ...(this.options.guards ?? [])];
  }

  private get locals(): Readonly<Record<string, Type>> {
    return this.options.locals ?? {};
  }

  private local(name: string): Type | undefined {
    return Object.hasOwn(this.locals, name) ? this.locals[name] : this.outer?.local(name);
  }

  /** Goes from the nearest step outwards, as a run does. */
  private look(name: string, found: Found): void {
    for (const { fields, sure } of this.earlier.toReversed()) {
      provided(fields, sure, name, found);
      if (found.ended) return;
    }
    if (this.options.again || this.options.unsure) found.type = union(found.type, ANY);
    this.outer?.look(name, found);
  }
}
