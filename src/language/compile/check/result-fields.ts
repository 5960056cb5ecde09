import {
  ANY,
  loopOf,
  mapOf,
  NEVER,
  NULL,
  NUMBER,
  orNull,
  STRING,
  type Type,
  union,
} from '../../types/type.js';

/** The fields that a step's result may have, as far as the text tells. */
export interface ResultFields {
  known: ReadonlySet<string>;
  /** Anything may come back: a project's script, an MCP tool. */
  anything: boolean;
  /** A loop's `<word>_count`. */
  tallies: boolean;
  /** What it is as a value. */
  type: Type;
}

/** A result with exactly these fields, each of a type. */
export const fieldsOf = (fields: Readonly<Record<string, Type>>): ResultFields => ({
  known: new Set(Object.keys(fields)),
  anything: false,
  tallies: false,
  type: mapOf(fields),
});

/** Where no step has finished, `result` is null. */
export const NO_FIELDS: ResultFields = { ...fieldsOf({}), type: NULL };
/** A step that ends the run leaves nothing. */
export const NO_RESULT: ResultFields = { ...fieldsOf({}), type: NEVER };
export const ANY_FIELDS: ResultFields = { ...NO_FIELDS, anything: true, type: ANY };

const ITEM_ERROR = mapOf({ index: NUMBER, key: ANY, code: STRING, message: STRING });

/** What a `foreach` leaves behind whose iterations leave values of a type. */
export const loopFields = (items: Type): ResultFields => ({
  ...fieldsOf({ items: ANY, errors: ANY, count: ANY }),
  tallies: true,
  type: loopOf(items, ITEM_ERROR),
});

/** One of these results. */
export function eitherOf(all: readonly ResultFields[]): ResultFields {
  return {
    known: new Set(all.flatMap(({ known }) => [...known])),
    anything: all.some(({ anything }) => anything),
    tallies: all.some(({ tallies }) => tallies),
    type: all.reduce<Type>((type, each) => union(type, each.type), NEVER),
  };
}

/** The result, or null where the step failed and the run went on. */
export const orNothing = (fields: ResultFields): ResultFields => ({
  ...fields,
  type: orNull(fields.type),
});

/** Whether a result may have the field. */
export const mayHave = ({ known, anything, tallies }: ResultFields, field: string): boolean =>
  anything || known.has(field) || (tallies && /^\w+_count$/.test(field));
