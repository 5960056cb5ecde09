import type { InputSpec, InputType } from '../../contracts/plan.js';
import {
  ANY,
  BOOLEAN,
  type Kind,
  MAP,
  mapOf,
  NUMBER,
  of,
  orNull,
  STRING,
  type Type,
  typeOfValue,
  unionOf,
} from './type.js';

const TYPES: Readonly<Record<InputType, Type>> = {
  string: STRING,
  integer: NUMBER,
  number: NUMBER,
  boolean: BOOLEAN,
  object: MAP,
  array: of('array'),
};

/** What a declared input holds when a run has begun: without a default one that is optional may be null. */
export function inputType({ type, enum: values, required, default: fallback }: InputSpec): Type {
  const declared = type ? TYPES[type] : values ? unionOf(values.map(typeOfValue)) : ANY;
  return required || fallback !== undefined ? declared : orNull(declared);
}

/** The map of all of them. */
export const inputsType = (inputs: Readonly<Record<string, InputSpec>>): Type =>
  mapOf(new Map(Object.entries(inputs).map(([name, spec]) => [name, inputType(spec)])));

/** The kinds that a declared input takes; null counts as absent. */
export const kindsTaken = ({ type, required }: InputSpec): readonly Kind[] => [
  ...(type ? TYPES[type] : ANY).kinds,
  ...(required ? [] : (['null'] as const)),
];
