import type { JsonObject } from '../../../../contracts/json/json.js';
import type { Place } from '../../check/context.js';
import { readTemplates } from '../../check/template.js';
import { describe, isNull, type Node } from '../../../parse/tree.js';

/**
 * Reads the `inputs` beside an action as a template. `takesSecrets`: whole values `secret://name` are replaced by
 * secrets.
 */
export function readStepInputs(
  place: Place,
  node: Node | undefined,
  takesSecrets = true,
): JsonObject {
  if (!node || node.type === 'unknown' || isNull(node)) return {};
  if (node.type === 'map') return readTemplates({ ...place, takesSecrets }, node);
  const hint = 'write inputs: { name: value }';
  place.report.add('invalid_type', node, `"inputs" must be a map, but is ${describe(node)}`, hint);
  return {};
}
