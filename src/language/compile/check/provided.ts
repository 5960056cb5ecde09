import { fieldIn, has, maybe, type Type, union } from '../../types/type.js';
import { mayHave, type ResultFields } from './result-fields.js';

/** Result of resolving a bare name so far, from the nearest step outwards. */
export interface Found {
  type: Type;
  /** False once it is uncertain that the values of steps further out occur. */
  certain: boolean;
  /** True = resolution is complete; steps further out do not matter. */
  ended: boolean;
}

/** Adds to `found` what a step's result may provide under a name. `sure`: the step cannot have been skipped. */
export function provided(result: ResultFields, sure: boolean, name: string, found: Found): void {
  const { type } = result;
  if (!mayHave(result, name) || !has(type, 'object')) return;
  const known = type.fields?.has(name) ?? false;
  const field = fieldIn(type, name);
  found.type = union(found.type, found.certain ? field : maybe(field));
  if (!known || sure) found.certain = false;
  const always = known && !has(field, 'null') && type.kinds.every((kind) => kind === 'object');
  if (always && sure) found.ended = true;
}
