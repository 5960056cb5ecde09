import type { Json, JsonObject } from '../../../contracts/json/json.js';
import type { Template } from '../../../contracts/plan.js';
import { parseTemplate } from '../../expression/parse-template.js';
import { referencesOf } from '../../expression/references.js';
import { locate } from '../../parse/locate.js';
import { describe, type MapNode, type Node, type ScalarNode, type Span } from '../../parse/tree.js';
import type { Place } from './context.js';
import { checkForeignTemplate } from './foreign-templates.js';
import { checkReference } from './names.js';
import { infer } from '../../types/infer.js';
import { expectTemplate, reportType, typeScope } from './types.js';
import { checkSecret, checkSecretReference } from './secrets.js';

/** Checks every expression in a value and returns the value as a template. */
export function readTemplate(place: Place, node: Node | undefined, key = ''): Template {
  if (!node || node.type === 'unknown') return null;
  if (node.type === 'list') return node.items.map((item) => readTemplate(place, item, key));
  if (node.type === 'map') return readTemplates(place, node);
  if (typeof node.value === 'string') checkText(place, node, node.value, key);
  return node.value;
}

/** Checks a map of templates and returns it. Its keys must not contain expressions. */
export function readTemplates(place: Place, node: MapNode): JsonObject {
  const entries = node.entries.map(({ key, at, value }): [string, Json] => {
    if (key.includes('{{')) {
      place.report.add(
        'expression_in_key',
        at,
        'a key cannot contain an expression',
        'write the key out',
      );
    }
    return [key, readTemplate(place, value, key)];
  });
  return Object.fromEntries(entries);
}

/** Reads a condition: a single expression, or true, false, null. */
export function readCondition(place: Place, node: Node | undefined, what: string): Template {
  if (!node || node.type === 'unknown') return null;
  const value = node.type === 'scalar' ? node.value : undefined;
  const text = typeof value === 'string';
  if (text ? isExpression(value) : typeof value === 'boolean' || value === null) {
    expectTemplate(place, node, ['boolean', 'null'], what);
    return readTemplate(place, node);
  }
  const hint =
    text && !value.includes('{{') ? `write "{{ ${value} }}"` : 'write one expression, "{{ … }}"';
  place.report.add(
    'invalid_condition',
    node,
    `${what} must be an expression, but is ${describe(node)}`,
    hint,
  );
  return null;
}

/** True for a text that is a single expression, even an invalid one, which is reported elsewhere. */
export function isExpression(text: string): boolean {
  const { whole, errors } = parseTemplate(text);
  return whole !== undefined || (errors.length > 0 && text.trim().startsWith('{{'));
}

function checkText(place: Place, node: ScalarNode, value: string, key: string): void {
  if (place.report.full) return;
  checkSecret(place.report, node, value, key);
  checkSecretReference(place, node, value);
  checkForeignTemplate(place.report, node, value);
  const { pieces, errors } = parseTemplate(value);
  for (const { code, message, hint, offset } of errors) {
    place.report.add(code, locate(place.report.source, node, offset), message, hint);
  }
  for (const piece of pieces) {
    if (!('tree' in piece) || place.report.full) continue;
    for (const { path, offset } of referencesOf(piece.tree)) {
      const at = (): Span => locate(place.report.source, node, piece.offset + offset);
      checkReference(place, path, at);
    }
    infer(piece.tree, typeScope(place), (problem) =>
      reportType(place, node, piece.offset, problem),
    );
  }
}
