import { isObject, type Json } from '../../contracts/json/json.js';

/** Whether a value has everything that another has: as Postgres compares `jsonb` with `@>`. */
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
