import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';

/**
 * Converts the JSON Schema of a tool's arguments to the form that every
 * provider accepts: an object at the top, with properties and without anyOf,
 * oneOf or allOf, whose properties are merged; arrays have `items`, and
 * `required` is a list. Some providers refuse a whole request for one tool that
 * deviates. The arguments are validated against the original schema when the
 * tool runs.
 */
export function toolSchema(schema: JsonObject): JsonObject {
  const { anyOf, oneOf, allOf, ...rest } = schema;
  const choices = [allOf, anyOf, oneOf].flatMap((each) => (Array.isArray(each) ? each : []));
  const offered = choices.map((each) => propertiesOf(isObject(each) ? each : {}));
  const properties = Object.assign({}, ...offered, propertiesOf(rest)) as JsonObject;
  return completed({ ...rest, type: 'object', properties });
}

function completed(schema: JsonObject): JsonObject {
  const { required, ...rest } = schema;
  const names = Array.isArray(required) ? required.filter((each) => typeof each === 'string') : [];
  return {
    ...rest,
    ...(isOf(schema, 'object') && { properties: propertiesOf(schema) }),
    ...(isOf(schema, 'array') && { items: inner(schema.items) }),
    ...(names.length > 0 && { required: names }),
  };
}

const isOf = ({ type }: JsonObject, wanted: string): boolean =>
  type === wanted || (Array.isArray(type) && type.includes(wanted));

/**
 * The properties of a schema. PHP servers send an empty list where there are
 * none.
 */
function propertiesOf({ properties }: JsonObject): JsonObject {
  if (!isObject(properties)) return {};
  const each = Object.entries(properties).map(([name, schema]) => [name, inner(schema)]);
  return Object.fromEntries(each) as JsonObject;
}

/** The schema `true`, and a value that is not a schema, allow everything. */
const inner = (schema: Json | undefined): JsonObject => (isObject(schema) ? completed(schema) : {});
