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

/** The fields that a step's result may have, as far as static analysis knows them. */
export interface ResultFields {
  known: ReadonlySet<string>;
  /** True = the result may have any fields, as of a project script or MCP tool. */
  anything: boolean;
  /** True = the result may have fields `<status>_count`, as of a `foreach`. */
  tallies: boolean;
  /** Type of the whole result. */
  type: Type;
}

/** A result with exactly these fields, each of a type. */
export const fieldsOf = (fields: Readonly<Record<string, Type>>): ResultFields => ({
  known: new Set(Object.keys(fields)),
  anything: false,
  tallies: false,
  type: mapOf(fields),
});

/** `result` before any step has finished, which is null. */
export const NO_FIELDS: ResultFields = { ...fieldsOf({}), type: NULL };
/** The result of a step that ends the run: no step can read it. */
export const NO_RESULT: ResultFields = { ...fieldsOf({}), type: NEVER };
export const ANY_FIELDS: ResultFields = { ...NO_FIELDS, anything: true, type: ANY };

const ITEM_ERROR = mapOf({ index: NUMBER, key: ANY, code: STRING, message: STRING });

/** The result of a `foreach` whose iterations have results of type `items`. */
export const loopFields = (items: Type): ResultFields => ({
  ...fieldsOf({ items: ANY, errors: ANY, count: ANY }),
  tallies: true,
  type: loopOf(items, ITEM_ERROR),
});

/** Union of several results, of which one is the actual one. */
export function eitherOf(all: readonly ResultFields[]): ResultFields {
  return {
    known: new Set(all.flatMap(({ known }) => [...known])),
    anything: all.some(({ anything }) => anything),
    tallies: all.some(({ tallies }) => tallies),
    type: all.reduce<Type>((type, each) => union(type, each.type), NEVER),
  };
}

/** The result, or null if the step fails and the run continues. */
export const orNothing = (fields: ResultFields): ResultFields => ({
  ...fields,
  type: orNull(fields.type),
});

/** True if the result may have the field. */
export const mayHave = ({ known, anything, tallies }: ResultFields, field: string): boolean =>
  anything || known.has(field) || (tallies && /^\w+_count$/.test(field));
