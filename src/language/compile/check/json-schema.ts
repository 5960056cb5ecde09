import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { didYouMean } from '../../text/nearest.js';
import type { Report } from '../../parse/report.js';
import { compileSchema } from '../../schema/compile-schema.js';
import { type Dialect, dialectOf, neededFor } from '../../schema/dialect.js';
import { describe, hasUnknown, type MapNode, type Node, toJson } from '../../parse/tree.js';

const TYPES = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null'];
/** Keywords that contain schemas: in a map of names, in a list, or directly. */
const NAMED = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const LISTED = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const SINGLE = [
  ...['items', 'not', 'additionalProperties', 'contains', 'if', 'then', 'else'],
  ...['propertyNames', 'unevaluatedProperties', 'unevaluatedItems', 'additionalItems'],
];

/** Reads the JSON Schema of an object and reports what makes it unusable. */
export function readSchema(report: Report, node: Node | undefined): JsonObject | undefined {
  if (!node || node.type === 'unknown') return undefined;
  if (node.type !== 'map') {
    const message = `"output_schema" must be a JSON Schema, but is ${describe(node)}`;
    report.add('invalid_type', node, message, 'write { type: object, properties: … }');
    return undefined;
  }
  const type = valueOf(node, 'type');
  if (type?.type !== 'scalar' || type.value !== 'object') {
    const hint = 'write type: object, with the value as one of its properties';
    report.add('invalid_schema', type ?? node, 'the answer must be an object', hint);
  }
  const before = report.count;
  const schema = toJson(node) as JsonObject;
  const dialect = dialectOf(schema);
  checkSchema(report, node, typeof dialect === 'string' ? dialect : '2020-12');
  if (report.count === before && !hasUnknown(node)) checkWhole(report, node, schema);
  return schema;
}

/** Checks the schema against its dialect, and that it compiles. */
function checkWhole(report: Report, node: MapNode, schema: JsonObject): void {
  const compiled = compileSchema(schema);
  if ('problemOf' in compiled) return;
  const { message, hint, path } = compiled;
  report.add(
    'invalid_schema',
    nodeAt(node, path),
    `this is not a valid JSON Schema: ${message}`,
    hint,
  );
}

/** The node at a path, or the deepest node that exists on the way. */
function nodeAt(node: Node, [key, ...path]: readonly string[]): Node {
  if (key === undefined) return node;
  const inner =
    node.type === 'map'
      ? valueOf(node, key)
      : node.type === 'list'
        ? node.items[Number(key)]
        : undefined;
  return inner ? nodeAt(inner, path) : node;
}

const valueOf = (node: MapNode, key: string): Node | undefined =>
  node.entries.find((entry) => entry.key === key)?.value;

function checkSchema(report: Report, node: Node, dialect: Dialect): void {
  const isSchema =
    node.type === 'map' || (node.type === 'scalar' && typeof node.value === 'boolean');
  if (!isSchema && node.type !== 'unknown') {
    const message = `a schema must be a map, but is ${describe(node)}`;
    report.add('invalid_schema', node, message, 'write { type: string }');
  }
  if (node.type !== 'map') return;
  for (const { key, at, value } of node.entries) {
    const needed = neededFor(key, dialect);
    if (needed) {
      const message = `"${key}" belongs to ${needed}, but this schema is ${dialect}`;
      report.add('invalid_schema', at, message, `write the whole schema in ${needed}`);
    }
    if (key === 'type') checkType(report, value);
    else if (key === 'required') checkRequired(report, value);
    else if (NAMED.includes(key)) checkNamed(report, key, value, dialect);
    else if (LISTED.includes(key) && value.type === 'list') {
      for (const item of value.items) checkSchema(report, item, dialect);
    } else if (key === 'items' && value.type === 'list') {
      for (const item of value.items) checkSchema(report, item, dialect);
    } else if (SINGLE.includes(key)) checkSchema(report, value, dialect);
  }
}

function checkNamed(report: Report, key: string, node: Node, dialect: Dialect): void {
  if (node.type === 'map')
    for (const { value } of node.entries) checkSchema(report, value, dialect);
  else if (node.type !== 'unknown') {
    const message = `"${key}" must be a map of schemas, but is ${describe(node)}`;
    report.add('invalid_schema', node, message, `write ${key}: { name: { type: string } }`);
  }
}

function checkType(report: Report, node: Node): void {
  if (node.type === 'unknown') return;
  const given: Json = toJson(node);
  for (const type of Array.isArray(given) ? given : [given]) {
    if (TYPES.some((known) => known === type)) continue;
    const hint =
      (typeof type === 'string' && didYouMean(type, TYPES)) || `the types are ${TYPES.join(', ')}`;
    const shown = isObject(type) ? 'a map' : JSON.stringify(type);
    report.add('invalid_schema', node, `there is no type ${shown}`, hint);
  }
}

function checkRequired(report: Report, node: Node): void {
  const given = node.type === 'list' ? toJson(node) : undefined;
  if (Array.isArray(given) && given.every((name) => typeof name === 'string')) return;
  if (node.type === 'unknown') return;
  const message = `"required" must be a list of names, but is ${describe(node)}`;
  report.add('invalid_schema', node, message, 'write required: [name]');
}
