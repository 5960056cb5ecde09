/** The fields that a step's result may have, as far as the text tells. */
export interface ResultFields {
  known: ReadonlySet<string>;
  /** Anything may come back: a project's script, an MCP tool. */
  anything: boolean;
  /** A loop's `<word>_count`. */
  tallies: boolean;
}

/** A result with exactly these fields. */
export const fieldsOf = (names: Iterable<string>): ResultFields => ({
  known: new Set(names),
  anything: false,
  tallies: false,
});

export const NO_FIELDS: ResultFields = fieldsOf([]);
export const ANY_FIELDS: ResultFields = { ...NO_FIELDS, anything: true };
export const LOOP_FIELDS: ResultFields = {
  ...fieldsOf(['items', 'errors', 'count']),
  tallies: true,
};

/** One of these results. */
export function eitherOf(all: readonly ResultFields[]): ResultFields {
  return {
    known: new Set(all.flatMap(({ known }) => [...known])),
    anything: all.some(({ anything }) => anything),
    tallies: all.some(({ tallies }) => tallies),
  };
}

/** Whether a result may have the field. */
export const mayHave = ({ known, anything, tallies }: ResultFields, field: string): boolean =>
  anything || known.has(field) || (tallies && /^\w+_count$/.test(field));
