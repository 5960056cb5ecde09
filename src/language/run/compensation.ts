import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { PlanStep } from '../../contracts/plan.js';
import type { Compensation } from '../../contracts/run/run-input.js';
import { Block } from './state/block.js';
import type { StepContext } from './state/step-attempt.js';
import type { ValueEffects } from './state/value-effects.js';
import { parseTemplate } from '../expression/parse-template.js';
import { referencesOf } from '../expression/references.js';
import { templateTexts } from '../plan/template-texts.js';
import { doesCount } from '../plan/kinds.js';

/** What every step reads where it runs, and needs no keeping. */
const ALWAYS_THERE = ['inputs', 'run', 'result'];
const LOCALS = ['item', 'index', 'error'];

interface Reads {
  names: JsonObject;
  locals: JsonObject;
  steps: JsonObject;
}

/** What is kept of a scope; absent in runs that were begun by an earlier build: there every tally reads 0. */
type Kept = Reads & { looped?: boolean };

const known = new WeakMap<PlanStep, Reads>();

/** What a step's compensation reads, as templates: those names alone are kept of its scope. */
function readsOf(step: PlanStep): Reads {
  let reads = known.get(step);
  if (!reads) {
    reads = { names: {}, locals: {}, steps: {} };
    for (const path of pathsIn(step.compensate)) note(reads, path);
    known.set(step, reads);
  }
  return reads;
}

const pathsIn = (value: unknown): string[][] =>
  templateTexts(value)
    .flatMap((text) => parseTemplate(text).pieces)
    .flatMap((piece) => ('tree' in piece ? referencesOf(piece.tree) : []))
    .map(({ path }) => path);

function note({ names, locals, steps }: Reads, [root, field]: string[]): void {
  if (root === undefined || ALWAYS_THERE.includes(root)) return;
  if (root === 'steps' && field !== undefined) steps[field] = `{{ steps.${field} }}`;
  else if (root !== 'steps') (LOCALS.includes(root) ? locals : names)[root] = `{{ ${root} }}`;
  else steps['*'] = '{{ steps }}';
}

/** The scope of a step as far as its compensation reads it; undefined when it has none. */
export async function compensationScope(
  effects: Pick<ValueEffects, 'render' | 'keep'>,
  { step, place, block }: StepContext,
  looped = false,
): Promise<Json | undefined> {
  if (!step.compensate) return undefined;
  const kept = Object.entries(readsOf(step)).map(async ([group, templates]) => {
    const values = Object.entries(templates as JsonObject).map(async ([name, template]) => [
      name,
      await effects.keep(await effects.render(template, block, place)),
    ]);
    return [group, Object.fromEntries(await Promise.all(values)) as JsonObject];
  });
  const tallied = looped || doesCount(step) || block.hasLooped();
  return { ...(Object.fromEntries(await Promise.all(kept)) as JsonObject), looped: tallied };
}

/** The block in which the compensation of a step runs: what the step saw, and what it left. */
export function compensationBlock(
  step: string,
  { result, scope }: Pick<Compensation, 'result' | 'scope'>,
): Block {
  const { names, locals, steps, looped = true } = scope as unknown as Kept;
  const { '*': all, ...some } = steps;
  return Block.restore({
    result,
    finished: [
      ['', present(names)],
      [step, result],
    ],
    // What was kept was read before the step's own result had its name.
    named: { ...(isObject(all ?? null) ? (all as JsonObject) : {}), ...some, [step]: result },
    locals: present(locals),
    looped,
    parallel: 1,
  });
}

/** A name that nothing provided may be provided by the compensation itself. */
const present = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
