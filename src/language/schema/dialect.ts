import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';

/** Supported JSON Schema dialects. Draft-06 is read as draft-07, which only adds to it. */
export type Dialect = '2020-12' | '2019-09' | 'draft-07';

/** Why a schema's dialect is not supported, and the remedy. */
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
 * The dialect of a schema: the one that its `$schema` names (with http or https, with or without `#`), else 2020-12; or
 * 2019-09 if `items` contains a list of schemas, which 2020-12 no longer allows.
 */
export function dialectOf(schema: JsonObject): Dialect | DialectProblem {
  const { $schema } = schema;
  if ($schema === undefined) return hasTuple(schema) ? '2019-09' : '2020-12';
  const name =
    typeof $schema === 'string' ? $schema.replace(/^https?:\/\//, '').replace(/#$/, '') : '';
  const known = Object.hasOwn(URIS, name) ? URIS[name] : undefined;
  if (known) return known;
  const shown = JSON.stringify($schema).slice(0, 80);
  const message = `the dialect ${shown} is not supported`;
  if (name !== DRAFT_04) return { message, hint: `write $schema: ${NEWEST}, or leave it out` };
  const hint = `write $schema: ${NEWEST}, exclusiveMinimum and exclusiveMaximum as numbers, $id for id`;
  return { message, hint };
}

/** Dialects that support a keyword; older ones ignore it silently. */
const SINCE: Readonly<Record<string, readonly Dialect[]>> = {
  prefixItems: ['2020-12'],
  $dynamicRef: ['2020-12'],
  ...Object.fromEntries(
    ['dependentRequired', 'dependentSchemas', 'unevaluatedProperties', 'unevaluatedItems'].map(
      (keyword): [string, readonly Dialect[]] => [keyword, ['2019-09', '2020-12']],
    ),
  ),
};

/** A dialect that supports the keyword, if `dialect` does not. */
export function neededFor(keyword: string, dialect: Dialect): Dialect | undefined {
  const known = Object.hasOwn(SINCE, keyword) ? SINCE[keyword]! : [dialect];
  return known.includes(dialect) ? undefined : known[0];
}

/** Keywords that contain values, not schemas. */
const VALUES = ['enum', 'const', 'default', 'examples'];

/** True if any `items` in the schema is a list of schemas, which 2020-12 calls `prefixItems`. */
function hasTuple(schema: Json): boolean {
  if (Array.isArray(schema)) return schema.some(hasTuple);
  if (!isObject(schema)) return false;
  return (
    Array.isArray(schema.items) ||
    Object.entries(schema).some(([key, value]) => !VALUES.includes(key) && hasTuple(value))
  );
}
