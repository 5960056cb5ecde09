import { registerEnumType } from '@nestjs/graphql';

/** Maps `['a']` to `{A: 'a'}`: enum values are in upper case in GraphQL, and in lower case in the database. */
const upper = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

/** Registers an enum under its GraphQL name. */
export function enumOf<T extends string>(name: string, values: readonly T[]): Record<string, T> {
  const members = upper(values);
  registerEnumType(members, { name });
  return members;
}
