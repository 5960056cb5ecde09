import type { Json } from '../../../contracts/json/json.js';

/** Returns the id of a call whose provider sent `given` as its id. */
export type IdOf = (given: Json | undefined) => string;

/**
 * Creates unique ids for the calls of a conversation. The model's id stays
 * unless it is missing or taken; the call then gets an id of nine letters and
 * digits, which every provider accepts.
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
