import type { JsonObject } from '../../contracts/json.js';
import type { Place } from '../check/context.js';
import { readTemplates } from '../check/template.js';
import { describe, isNull, type Node } from '../parse/tree.js';

/** The `inputs` beside an action, as a template. */
export function readStepInputs(place: Place, node: Node | undefined): JsonObject {
  if (!node || node.type === 'unknown' || isNull(node)) return {};
  if (node.type === 'map') return readTemplates(place, node);
  const hint = 'write inputs: { name: value }';
  place.report.add('invalid_type', node, `"inputs" must be a map, and is ${describe(node)}`, hint);
  return {};
}
