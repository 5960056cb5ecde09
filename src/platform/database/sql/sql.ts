/** A named parameter of a prepared statement. */
export class Parameter {
  constructor(readonly name: string) {}
}

/**
 * A piece of SQL, made by {@link sql}. Pieces can contain pieces; the parameters are numbered when the whole is built,
 * so that no piece depends on the number of the others.
 */
export class Sql {
  constructor(
    private readonly texts: readonly string[],
    private readonly parts: readonly unknown[],
  ) {}

  /** The text with `$1`, `$2`, … and the value of each. A named parameter has the same number everywhere. */
  build(): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    return { text: this.textWith((value) => numberOf(values, value)), values };
  }

  private textWith(number: (value: unknown) => number): string {
    const pieces = this.parts.map((part, at) => {
      const shown = part instanceof Sql ? part.textWith(number) : `$${number(part)}`;
      return shown + this.texts[at + 1]!;
    });
    return this.texts[0] + pieces.join('');
  }
}

function numberOf(values: unknown[], value: unknown): number {
  const name = value instanceof Parameter ? value.name : undefined;
  const known = values.findIndex((each) => each instanceof Parameter && each.name === name);
  return known >= 0 ? known + 1 : values.push(value);
}

/** Makes a piece of SQL. Other pieces are inserted as text; every other value becomes a parameter. */
export const sql = (texts: TemplateStringsArray, ...parts: unknown[]): Sql => new Sql(texts, parts);

/** A constant of the source code as a literal. Data must be a parameter instead. */
export const literal = (text: string): Sql => new Sql([`'${text.replaceAll("'", "''")}'`], []);
