/** A named parameter of a prepared statement. */
export class Parameter {
  constructor(readonly name: string) {}
}

/**
 * A piece of SQL, made by {@link sql}. Pieces compose; parameters are numbered when the whole is built,
 * so that no piece needs to know how many others there are.
 */
export class Sql {
  constructor(
    private readonly texts: readonly string[],
    private readonly parts: readonly unknown[],
  ) {}

  /** The text with `$1`, `$2`, … and what each of them stands for; a named parameter has one number. */
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

/** A piece of SQL. Other pieces are inserted as text; every other value becomes a parameter. */
export const sql = (texts: TemplateStringsArray, ...parts: unknown[]): Sql => new Sql(texts, parts);

/** A constant of ours as a literal in the text. Data of others is a parameter. */
export const literal = (text: string): Sql => new Sql([`'${text.replaceAll("'", "''")}'`], []);
