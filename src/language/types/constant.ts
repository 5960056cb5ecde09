import type { Json } from '../../contracts/json/json.js';
import { listOf, mapOf, NULL, type Type, typeOfValue, unionOf } from './type.js';

type Constant = Type & { constant: Json };

/** True if the value of the type is known. */
export const isConstant = (type: Type): type is Constant => type.constant !== undefined;

/** The type of one known value. */
export const constant = (value: Json): Type => ({ ...typeOfValue(value), constant: value });

const withConstant = (type: Type, value: Json | undefined): Type =>
  value === undefined ? type : { ...type, constant: value };

/** The type of a list literal. */
export function listWith(items: Type[]): Type {
  const value = items.every(isConstant) ? items.map((each) => each.constant) : undefined;
  return withConstant(listOf(unionOf(items)), value);
}

/** The type of a map literal. */
export function mapWith(entries: [string, Type][]): Type {
  const known = entries.every(([, type]) => isConstant(type));
  const value = known
    ? Object.fromEntries(entries.map(([key, type]) => [key, type.constant!]))
    : undefined;
  return withConstant(mapOf(new Map(entries), NULL), value);
}
