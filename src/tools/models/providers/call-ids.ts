import type { Json } from '../../../contracts/json/json.js';

/** Gives the id of a call that came with `given` as its id. */
export type IdOf = (given: Json | undefined) => string;

/**
 * Ids that are different from each other and from those of the conversation so far. An id of the model stays as it is
 * unless it is missing or taken: then the call gets one of nine letters and digits, which every provider accepts.
 */
export function callIds(taken: Iterable<string>): IdOf {
  const known = new Set(taken);
  let count = 0;
  const next = (): string => {
    const id = `call${String(++count).padStart(5, '0')}`;
    return known.has(id) ? next() : id;
  };
  return (given) => {
    const wanted = typeof given === 'string' || typeof given === 'number' ? String(given) : '';
    const id = wanted === '' || known.has(wanted) ? next() : wanted;
    known.add(id);
    return id;
  };
}
