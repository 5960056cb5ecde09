import { isObject, type Json, type JsonObject } from '../contracts/json.js';
import type { PlanStep } from '../contracts/plan.js';
import type { DoneRecord, ScopeSnapshot } from '../contracts/run.js';

const own = (value: Json, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const statusOf = (result: Json): string | undefined => {
  const status = own(result, 'status');
  return typeof status === 'string' && status !== '' ? status : undefined;
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
  /** Keys of the records of this block's steps; they go when the block is finished. */
  readonly keys: string[] = [];
  private readonly finished: Json[] = [];
  private readonly named = new Map<string, Json>();

  constructor(
    private readonly parent?: Block,
    private readonly locals: JsonObject = {},
  ) {
    this.result = parent?.result ?? null;
  }

  static restore(snapshot: ScopeSnapshot): Block {
    const block = new Block(undefined, snapshot.locals);
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
    if (step.kind === 'foreach') this.looped = true;
    else if (step.kind !== 'conditional') this.word = statusOf(record.result) ?? this.word;
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
    for (let block: Block | undefined = this; block; block = block.parent) {
      if (Object.hasOwn(block.locals, name)) return block.locals[name];
    }
    return this.lookupFinished(name, peek) ?? (this.tallies(name) ? 0 : undefined);
  }

  snapshot(): ScopeSnapshot {
    const chain: Block[] = [];
    for (let block: Block | undefined = this; block; block = block.parent) chain.unshift(block);
    return {
      result: this.result,
      finished: chain.flatMap((block) => block.finished),
      named: this.allNamed(),
      locals: Object.assign({}, ...chain.map((block) => block.locals)) as JsonObject,
      looped: chain.some((block) => block.looped),
    };
  }

  private lookupFinished(
    name: string,
    peek: (result: Json, name: string) => Json | undefined,
  ): Json | undefined {
    for (let block: Block | undefined = this; block; block = block.parent) {
      for (let i = block.finished.length - 1; i >= 0; i--) {
        const value = peek(block.finished[i]!, name);
        if (value !== undefined) return value;
      }
    }
    return undefined;
  }

  private allNamed(): JsonObject {
    return { ...this.parent?.allNamed(), ...Object.fromEntries(this.named) };
  }

  /** After a `foreach`, a `<word>_count` that nothing produced reads 0. */
  private tallies(name: string): boolean {
    if (!name.endsWith('_count')) return false;
    for (let block: Block | undefined = this; block; block = block.parent) {
      if (block.looped) return true;
    }
    return false;
  }
}
