import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';

/** The annotation of an argument that travels as a header `Mcp-Param-…` as well. */
const KEY = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const TYPES = new Set<Json | undefined>(['string', 'integer', 'boolean']);
/** Keywords whose value maps names to schemas. */
const MAPS = new Set(['$defs', 'definitions', 'patternProperties', 'dependentSchemas']);
/** Keywords whose value is data. */
const DATA = new Set(['default', 'const', 'enum', 'examples', 'required', KEY]);

interface Place {
  schema: Json;
  /** False inside a list, a choice or a definition: no header can be named there. */
  reachable: boolean;
}

/**
 * What is wrong with the header annotations of a tool's schema; undefined when they are valid. The protocol wants a tool
 * with an invalid one to be left out, because its calls could not be routed.
 */
export function headerFault(inputSchema: Json): string | undefined {
  const names = new Set<string>();
  const places: Place[] = [{ schema: inputSchema, reachable: true }];
  for (let place = places.pop(); place; place = places.pop()) {
    const { schema } = place;
    if (Array.isArray(schema))
      places.push(...schema.map((each) => ({ schema: each, reachable: false })));
    if (!isObject(schema)) continue;
    const isTop = schema === inputSchema;
    const fault = KEY in schema ? faultOf(schema, place.reachable && !isTop, names) : undefined;
    if (fault) return fault;
    places.push(...placesIn(schema, place.reachable));
  }
  return undefined;
}

function placesIn(schema: JsonObject, reachable: boolean): Place[] {
  const inside = (map: Json, isReachable: boolean): Place[] =>
    Object.values(isObject(map) ? map : {}).map((each) => ({
      schema: each,
      reachable: isReachable,
    }));
  return Object.entries(schema).flatMap(([keyword, value]): Place[] => {
    if (keyword === 'properties') return inside(value, reachable);
    if (MAPS.has(keyword)) return inside(value, false);
    return DATA.has(keyword) ? [] : [{ schema: value, reachable: false }];
  });
}

function faultOf(schema: JsonObject, reachable: boolean, names: Set<string>): string | undefined {
  const name = schema[KEY];
  if (!reachable) return `${KEY} stands where no argument is`;
  if (typeof name !== 'string' || !TOKEN.test(name)) return `${KEY} must be the name of a header`;
  if (!TYPES.has(schema['type'])) return `${KEY} is for texts, integers and booleans only`;
  if (names.has(name.toLowerCase())) return `${KEY} names ${name} twice`;
  names.add(name.toLowerCase());
  return undefined;
}
