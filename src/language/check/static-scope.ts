import { ANY_FIELDS, eitherOf, mayHave, NO_FIELDS, type ResultFields } from './result-fields.js';

/** What names can mean at one point of a block, as far as the text tells. */
export class StaticScope {
  private readonly earlier: ResultFields[] = [];
  private readonly demands: [holds: () => boolean, report: () => void][] = [];
  /** What `result` may be here. */
  result: ResultFields;

  /**
   * @param outer the block around this one
   * @param locals names that this block adds: `item`, `index`, `error`
   * @param again its steps are run again: an earlier step may stand further down
   */
  constructor(
    private readonly outer?: StaticScope,
    private readonly locals: readonly string[] = [],
    private readonly again = false,
  ) {
    this.result = again ? ANY_FIELDS : (outer?.result ?? NO_FIELDS);
  }

  /** Reports what does not hold: now, or where the loop around it ends and all of its steps are known. */
  demand(holds: () => boolean, report: () => void): void {
    if (holds()) return;
    if (this.again) this.demands.push([holds, report]);
    else if (this.outer) this.outer.demand(holds, report);
    else report();
  }

  /** The end of a block whose steps are run again. */
  close(): void {
    for (const [holds, report] of this.demands.splice(0)) this.outer!.demand(holds, report);
  }

  /** A step of this block has been passed; `sure` = it cannot have been skipped. */
  passed(fields: ResultFields, sure: boolean): void {
    this.earlier.push(fields);
    this.result = sure ? fields : eitherOf([this.result, fields]);
  }

  hasLocal(name: string): boolean {
    return this.locals.includes(name) || (this.outer?.hasLocal(name) ?? false);
  }

  /** True when an earlier step of this block or of one around it could provide the bare name. */
  mayProvide(name: string): boolean {
    return (
      this.earlier.some((fields) => mayHave(fields, name)) ||
      (this.outer?.mayProvide(name) ?? false)
    );
  }

  /** Everything that is known to be nameable here, for suggestions. */
  names(): string[] {
    const own = [...this.locals, ...this.earlier.flatMap(({ known }) => [...known])];
    return [...own, ...(this.outer?.names() ?? [])];
  }

  /** What this block may leave behind: the result of any of its steps, since later ones may be skipped. */
  outcome(): ResultFields {
    return eitherOf(this.earlier);
  }
}
