import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';

/** The JSON Schema dialects that are understood. Draft-06 is read as draft-07, which only adds to it. */
export type Dialect = '2020-12' | '2019-09' | 'draft-07';

/** Why a schema's dialect is not understood, and what to do about it. */
export interface DialectProblem {
  message: string;
  hint: string;
}

const NEWEST = 'https://json-schema.org/draft/2020-12/schema';
const URIS: Readonly<Record<string, Dialect>> = {
  'json-schema.org/draft/2020-12/schema': '2020-12',
  'json-schema.org/draft/2019-09/schema': '2019-09',
  'json-schema.org/draft-07/schema': 'draft-07',
  'json-schema.org/draft-06/schema': 'draft-07',
};
const DRAFT_04 = 'json-schema.org/draft-04/schema';

/**
 * The dialect of a schema: the one that its `$schema` names (by http or https, with or without `#`), else 2020-12, or
 * 2019-09 where a list of schemas under `items` shows that it is older.
 */
export function dialectOf(schema: JsonObject): Dialect | DialectProblem {
  const { $schema } = schema;
  if ($schema === undefined) return hasTuple(schema) ? '2019-09' : '2020-12';
  const name =
    typeof $schema === 'string' ? $schema.replace(/^https?:\/\//, '').replace(/#$/, '') : '';
  const known = Object.hasOwn(URIS, name) ? URIS[name] : undefined;
  if (known) return known;
  const shown = JSON.stringify($schema).slice(0, 80);
  const message = `the dialect ${shown} is not understood`;
  if (name !== DRAFT_04) return { message, hint: `write $schema: ${NEWEST}, or leave it out` };
  const hint = `write $schema: ${NEWEST}, exclusiveMinimum and exclusiveMaximum as numbers, $id for id`;
  return { message, hint };
}

/** What a keyword needs that older dialects ignore without a word. */
const SINCE: Readonly<Record<string, readonly Dialect[]>> = {
  prefixItems: ['2020-12'],
  $dynamicRef: ['2020-12'],
  ...Object.fromEntries(
    ['dependentRequired', 'dependentSchemas', 'unevaluatedProperties', 'unevaluatedItems'].map(
      (keyword): [string, readonly Dialect[]] => [keyword, ['2019-09', '2020-12']],
    ),
  ),
};

/** The oldest dialect that knows a keyword, where the one at hand does not. */
export function neededFor(keyword: string, dialect: Dialect): Dialect | undefined {
  const known = Object.hasOwn(SINCE, keyword) ? SINCE[keyword]! : [dialect];
  return known.includes(dialect) ? undefined : known[0];
}

/** Under these stand values, not schemas. */
const VALUES = ['enum', 'const', 'default', 'examples'];

/** Whether somewhere in it a list of schemas stands under `items`, which 2020-12 calls `prefixItems`. */
function hasTuple(schema: Json): boolean {
  if (Array.isArray(schema)) return schema.some(hasTuple);
  if (!isObject(schema)) return false;
  return (
    Array.isArray(schema.items) ||
    Object.entries(schema).some(([key, value]) => !VALUES.includes(key) && hasTuple(value))
  );
}
