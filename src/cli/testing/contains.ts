import { isObject, type Json } from '../../contracts/json/json.js';

/**
 * Whether a value contains another one, with the semantics of `@>` on Postgres
 * `jsonb`.
 */
export function contains(whole: Json, part: Json): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((item) => whole.some((each) => contains(each, item)));
  }
  if (!isObject(part)) return whole === part;
  return (
    isObject(whole) &&
    Object.entries(part).every(
      ([key, value]) => Object.hasOwn(whole, key) && contains(whole[key]!, value),
    )
  );
}
