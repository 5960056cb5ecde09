import { fieldIn, has, maybe, type Type, union } from '../../types/type.js';
import { mayHave, type ResultFields } from './result-fields.js';

/** What a bare name has been found to be, on the way from the nearest step outwards. */
export interface Found {
  type: Type;
  /** Nothing that has been passed could have provided it without being known to. */
  certain: boolean;
  /** No step further out is asked. */
  ended: boolean;
}

/** Adds what a step's result may provide under a name. `sure`: the step cannot have been skipped. */
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
