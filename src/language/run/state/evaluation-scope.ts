import { isObject, type Json } from '../../../contracts/json/json.js';
import { isRef } from '../../../contracts/run/ref.js';
import type { RunScope } from '../../../contracts/run/scope.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import type { Block } from './block.js';
import { NeedsValue } from '../../expression/runtime/needs-value.js';
import type { EvaluationScope } from '../../expression/runtime/scope.js';

/** What a run's expressions read besides their block. */
export interface RunValues {
  run: RunScope;
  inputs: Json;
  /** The value of a blob, when it is at hand. */
  deref(hash: string): Json | undefined;
  /** Epoch milliseconds. */
  now(): number;
}

/** The scope of one step's expressions. */
export function evaluationScope(
  values: RunValues,
  block: Block,
  place: StepPlace,
): EvaluationScope {
  const peek = (result: Json, name: string): Json | undefined => {
    const opened = isRef(result) ? open(values, result.$blob) : result;
    return isObject(opened) && Object.hasOwn(opened, name) ? opened[name] : undefined;
  };
  return {
    lookup(name) {
      if (name === 'inputs') return values.inputs;
      if (name === 'run') return { ...values.run };
      return block.lookup(name, peek);
    },
    deref: (hash) => values.deref(hash),
    now: () => new Date(values.now()).toISOString(),
    seed: () => `${values.run.id}:${place.path}:${place.iteration}`,
  };
}

function open(values: RunValues, hash: string): Json {
  const value = values.deref(hash);
  if (value === undefined) throw new NeedsValue(hash);
  return value;
}
