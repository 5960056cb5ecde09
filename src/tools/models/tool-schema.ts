import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';

/**
 * The JSON Schema of a tool's arguments in the form that every provider takes: at the top an object with properties and
 * no choice between schemas, whose properties are put together instead; lists say that they have items, and `required`
 * is a list. Some providers refuse a whole request for one tool without that. Whoever runs the tool checks its arguments.
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

/** Those of PHP without any are a list. */
function propertiesOf({ properties }: JsonObject): JsonObject {
  if (!isObject(properties)) return {};
  const each = Object.entries(properties).map(([name, schema]) => [name, inner(schema)]);
  return Object.fromEntries(each) as JsonObject;
}

/** `true`, and what is no schema, allow everything. */
const inner = (schema: Json | undefined): JsonObject => (isObject(schema) ? completed(schema) : {});
