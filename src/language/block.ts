import { isObject, type Json, type JsonObject } from '../contracts/json.js';
import type { PlanStep } from '../contracts/plan.js';
import { MAX_STATUS_LENGTH, type DoneRecord, type ScopeSnapshot } from '../contracts/run.js';

const own = (value: Json, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const statusOf = (result: Json): string | undefined => {
  const status = own(result, 'status');
  const counts = typeof status === 'string' && status !== '' && status.length <= MAX_STATUS_LENGTH;
  return counts ? status : undefined;
};

/**
 * What the steps of one list see: `result`, the results of finished steps, `steps.NAME`, and the
 * names of the loop or handler around them. A block begins with the `result` of the block outside.
 */
export class Block {
  result: Json;
  /** The string `status` of the last own leaf step that returned one: an iteration's tally. */
  word: string | undefined;
  looped = false;
  /** A step of this block has finished, and was not skipped. */
  touched = false;
  private readonly finished: Json[] = [];
  private readonly named = new Map<string, Json>();

  constructor(
    private readonly parent?: Block,
    private readonly locals: JsonObject = {},
    /** Of how many lanes of the run that may be under way at once this block is one. */
    readonly parallel: number = parent?.parallel ?? 1,
  ) {
    this.result = parent?.result ?? null;
  }

  static restore(snapshot: ScopeSnapshot): Block {
    const block = new Block(undefined, snapshot.locals, snapshot.parallel);
    block.result = snapshot.result;
    block.finished.push(...snapshot.finished);
    block.adopt(snapshot.named);
    block.looped = snapshot.looped;
    return block;
  }

  /** A finished step: its fields become bare names, `steps.NAME` is set. */
  finish(step: PlanStep, record: DoneRecord): void {
    if (record.named) this.adopt(record.named);
    if (record.skipped) return;
    this.touched = true;
    this.result = record.result;
    this.finished.push(record.result);
    this.named.set(step.name, record.result);
    if (step.kind === 'foreach' || record.looped) this.looped = true;
    if (step.kind === 'foreach') return;
    if (step.kind !== 'conditional') this.word = statusOf(record.result) ?? this.word;
  }

  /** What a finished block is to the block around it; nothing, when none of its steps ran. */
  outcome(reads: (name: string) => boolean): DoneRecord {
    const named = Object.fromEntries([...this.named].filter(([name]) => reads(name)));
    return {
      status: 'done',
      result: this.touched ? this.result : null,
      ...(this.touched ? {} : { skipped: true as const }),
      ...(Object.keys(named).length > 0 ? { named } : {}),
      ...(this.word === undefined ? {} : { word: this.word }),
      ...(this.looped ? { looped: true as const } : {}),
    };
  }

  /** The named results of an inner block that is finished. */
  adopt(named: JsonObject): void {
    for (const [name, result] of Object.entries(named)) this.named.set(name, result);
  }

  /** A bare name, `result`, or a local; undefined when nothing provides it. `peek` looks into a step's result. */
  lookup(
    name: string,
    peek: (result: Json, name: string) => Json | undefined = own,
  ): Json | undefined {
    if (name === 'result') return this.result;
    if (name === 'steps') return this.allNamed();
    const local = this.lookupLocal(name);
    if (local !== undefined) return local;
    const finished = this.lookupFinished(name, peek);
    if (finished !== undefined) return finished;
    return name.endsWith('_count') && this.hasLooped() ? 0 : undefined;
  }

  snapshot(): ScopeSnapshot {
    const chain = this.chain();
    return {
      result: this.result,
      finished: chain.flatMap((block) => block.finished),
      named: this.allNamed(),
      locals: Object.assign({}, ...chain.map((block) => block.locals)) as JsonObject,
      looped: chain.some((block) => block.looped),
      parallel: this.parallel,
    };
  }

  /** From the outermost block to this one. */
  private chain(): Block[] {
    return [...(this.parent?.chain() ?? []), this];
  }

  private lookupLocal(name: string): Json | undefined {
    return Object.hasOwn(this.locals, name) ? this.locals[name] : this.parent?.lookupLocal(name);
  }

  private lookupFinished(
    name: string,
    peek: (result: Json, name: string) => Json | undefined,
  ): Json | undefined {
    for (let i = this.finished.length - 1; i >= 0; i--) {
      const value = peek(this.finished[i]!, name);
      if (value !== undefined) return value;
    }
    return this.parent?.lookupFinished(name, peek);
  }

  private allNamed(): JsonObject {
    return { ...this.parent?.allNamed(), ...Object.fromEntries(this.named) };
  }

  /** After a `foreach`, a `<word>_count` that nothing produced reads 0. */
  private hasLooped(): boolean {
    return this.looped || (this.parent?.hasLooped() ?? false);
  }
}
