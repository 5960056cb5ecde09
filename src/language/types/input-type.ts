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

/** Type of a declared input in a run. An optional input without a default may be null. */
export function inputType({ type, enum: values, required, default: fallback }: InputSpec): Type {
  const declared = type ? TYPES[type] : values ? unionOf(values.map(typeOfValue)) : ANY;
  return required || fallback !== undefined ? declared : orNull(declared);
}

/** Type of the map `inputs`. */
export const inputsType = (inputs: Readonly<Record<string, InputSpec>>): Type =>
  mapOf(new Map(Object.entries(inputs).map(([name, spec]) => [name, inputType(spec)])));

/** Kinds that a declared input accepts; null counts as absent. */
export const kindsTaken = ({ type, required }: InputSpec): readonly Kind[] => [
  ...(type ? TYPES[type] : ANY).kinds,
  ...(required ? [] : (['null'] as const)),
];
