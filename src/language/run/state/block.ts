import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { PlanStep } from '../../../contracts/plan.js';
import { MAX_STATUS_LENGTH } from '../../../contracts/run/ref.js';
import type { BlockState, DoneRecord } from '../../../contracts/run/records.js';
import type { ScopeSnapshot } from '../../../contracts/run/scope.js';
import { doesCount, specOf } from '../../plan/kinds.js';

const own = (value: Json, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const statusOf = (result: Json): string | undefined => {
  const status = own(result, 'status');
  const counts = typeof status === 'string' && status !== '' && status.length <= MAX_STATUS_LENGTH;
  return counts ? status : undefined;
};

/** Leaves out named results that `finished` contains already, so that no result is transferred twice. */
function unique(finished: ReadonlyMap<string, Json>, named: JsonObject) {
  const others = Object.entries(named).filter(([name]) => !finished.has(name));
  return { finished: [...finished], named: Object.fromEntries(others) };
}

/**
 * The scope of one list of steps: `result`, results of finished steps, `steps.NAME`, and the names of the enclosing loop
 * or handler. A block begins with the `result` of the enclosing block.
 */
export class Block {
  result: Json;
  /** The `status` of the last leaf step of this block that returned one; a loop counts it for the iteration. */
  tallyStatus: string | undefined;
  ranForeach = false;
  /** True = a step of this block has finished and was not skipped. */
  ranAny = false;
  /** Results of finished steps by name, in the order of completion; of a repeated step the latest. */
  private readonly finished = new Map<string, Json>();
  private readonly named = new Map<string, Json>();

  constructor(
    private readonly parent?: Block,
    private readonly locals: JsonObject = {},
    /** Upper bound on how many branches of this run execute concurrently, this block included. */
    readonly parallelism: number = parent?.parallelism ?? 1,
    /** True = activities of other branches may run at the same time. */
    readonly concurrent: boolean = parent?.concurrent ?? false,
  ) {
    this.result = parent?.result ?? null;
  }

  static restore(snapshot: ScopeSnapshot): Block {
    const block = new Block(undefined, snapshot.locals, snapshot.parallel);
    block.assume(snapshot);
    return block;
  }

  /** Creates the block of a repeated list from the state that the last iteration left. */
  static resume(parent: Block, left: BlockState | null): Block {
    const block = new Block(parent);
    if (left) block.assume(left);
    return block;
  }

  /** Records a finished step: its fields become bare names, and `steps.NAME` is set. */
  finish(step: PlanStep, record: DoneRecord): void {
    if (record.named) this.adopt(record.named);
    if (record.skipped) return;
    this.ranAny = true;
    this.result = record.result;
    this.finished.delete(step.name);
    this.finished.set(step.name, record.result);
    this.named.set(step.name, record.result);
    if (record.looped || doesCount(step)) this.ranForeach = true;
    if (specOf(step).tallied) this.tallyStatus = statusOf(record.result) ?? this.tallyStatus;
  }

  /** The result of a finished block for the enclosing block; `skipped` when none of its steps ran. */
  outcome(reads: (name: string) => boolean): DoneRecord {
    const named = Object.fromEntries([...this.named].filter(([name]) => reads(name)));
    return {
      status: 'done',
      result: this.ranAny ? this.result : null,
      ...(this.ranAny ? {} : { skipped: true as const }),
      ...(Object.keys(named).length > 0 ? { named } : {}),
      ...(this.tallyStatus === undefined ? {} : { word: this.tallyStatus }),
      ...(this.ranForeach ? { looped: true as const } : {}),
    };
  }

  /** Takes over the named results of a finished inner block. */
  adopt(named: JsonObject): void {
    for (const [name, result] of Object.entries(named)) this.named.set(name, result);
  }

  /** Resolves a bare name, `result` or a local; undefined when unknown. `peek` reads a field of a step's result. */
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

  /** The state from which {@link resume} continues. */
  state(): BlockState {
    const { result, ranAny: touched, ranForeach: looped } = this;
    return { result, touched, ...unique(this.finished, Object.fromEntries(this.named)), looped };
  }

  snapshot(): ScopeSnapshot {
    const chain = this.chain();
    return {
      result: this.result,
      ...unique(new Map(chain.flatMap((block) => [...block.finished])), this.allNamed()),
      locals: Object.assign({}, ...chain.map((block) => block.locals)) as JsonObject,
      looped: chain.some((block) => block.ranForeach),
      parallel: this.parallelism,
    };
  }

  private assume({ result, finished, named, looped, ...state }: BlockState | ScopeSnapshot): void {
    this.result = result;
    for (const [step, value] of finished) {
      this.finished.set(step, value);
      this.named.set(step, value);
    }
    this.adopt(named);
    this.ranForeach = looped;
    this.ranAny = 'touched' in state && state.touched;
  }

  /** The enclosing blocks and this one, outermost first. */
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
    for (const result of [...this.finished.values()].reverse()) {
      const value = peek(result, name);
      if (value !== undefined) return value;
    }
    return this.parent?.lookupFinished(name, peek);
  }

  private allNamed(): JsonObject {
    return { ...this.parent?.allNamed(), ...Object.fromEntries(this.named) };
  }

  /** True if a `foreach` has finished in this or an enclosing block, so an unknown `<status>_count` reads 0. */
  hasLooped(): boolean {
    return this.ranForeach || (this.parent?.hasLooped() ?? false);
  }
}
