import { isObject, type Json } from '../../contracts/json/json.js';
import {
  ANY,
  type Kind,
  KINDS,
  listOf,
  mapOf,
  NEVER,
  NULL,
  of,
  orNull,
  type Type,
  typeOfValue,
  union,
  unionOf,
} from './type.js';

/** Type of the values that a JSON Schema accepts, from its basic keywords; otherwise ANY. */
export function schemaType(schema: Json): Type {
  if (!isObject(schema) || '$ref' in schema || '$dynamicRef' in schema) return ANY;
  const { type, nullable } = schema;
  if ('const' in schema) return typeOfValue(schema.const!);
  if (Array.isArray(schema.enum)) return unionOf(schema.enum.map(typeOfValue));
  if (type === undefined) return ANY;
  const declared = unionOf(
    (Array.isArray(type) ? type : [type]).map((each) => kindType(each, schema)),
  );
  return nullable === true ? orNull(declared) : declared;
}

function kindType(type: Json, schema: { [key: string]: Json }): Type {
  if (type === 'object') return objectType(schema);
  if (type === 'array') return listOf(itemType(schema));
  if (type === 'integer') return of('number');
  return KINDS.includes(type as Kind) ? of(type as Kind) : ANY;
}

function objectType({
  properties,
  required,
  additionalProperties,
  ...schema
}: {
  [key: string]: Json;
}): Type {
  const needed = Array.isArray(required) ? required : [];
  const fields = Object.entries(isObject(properties ?? null) ? (properties as object) : {}).map(
    ([name, each]): [string, Type] => {
      const type = schemaType(each as Json);
      return [name, needed.includes(name) ? type : union(type, NULL)];
    },
  );
  const closed = additionalProperties === false && !('patternProperties' in schema);
  return mapOf(new Map(fields), closed ? NULL : undefined);
}

function itemType({ items, prefixItems }: { [key: string]: Json }): Type {
  if (prefixItems !== undefined) return ANY;
  if (!isObject(items ?? null)) return items === false ? NEVER : ANY;
  return schemaType(items!);
}
