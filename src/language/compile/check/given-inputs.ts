import type { InputSpec } from '../../../contracts/plan.js';
import { checkValue } from '../../inputs/check-value.js';
import { didYouMean } from '../../text/nearest.js';
import {
  isNull,
  toJson,
  type Entry,
  type MapNode,
  type Node,
  type Span,
} from '../../parse/tree.js';
import { kindsTaken } from '../../types/input-type.js';
import type { Place } from './context.js';
import { isExpression } from './template.js';
import { expectTemplate } from './types.js';

/** A script or directive with declared inputs. */
export interface Declared {
  /** Name for messages, such as `the script "x"`. */
  name: string;
  inputs: Readonly<Record<string, InputSpec>>;
}

/** Checks the inputs that a step passes against the inputs that the script or directive declares. */
export function checkGivenInputs(
  place: Place,
  declared: Declared,
  node: Node | undefined,
  step: Span,
): void {
  if (node && node.type !== 'map' && !isNull(node)) return;
  const given = (node as MapNode | undefined)?.entries ?? [];
  const map = new Map(given.map((entry) => [entry.key, entry]));
  for (const entry of given) checkEntry(place, declared, entry);
  for (const [name, spec] of Object.entries(declared.inputs)) {
    if (!spec.required || !isNull(map.get(name)?.value)) continue;
    const message = `${declared.name} needs the input "${name}"`;
    place.report.add(
      'missing_input',
      map.get(name)?.at ?? step,
      message,
      `add ${name}: under inputs:`,
    );
  }
}

function checkEntry(place: Place, declared: Declared, { key, at, value }: Entry): void {
  const { report } = place;
  const spec = Object.hasOwn(declared.inputs, key) ? declared.inputs[key] : undefined;
  if (!spec) {
    const known = Object.keys(declared.inputs);
    const listed = known.length ? `it takes ${known.join(', ')}` : 'it takes no inputs';
    const message = `${declared.name} has no input "${key}"`;
    return report.add('unknown_input', at, message, didYouMean(key, known) ?? listed);
  }
  expectTemplate(place, value, kindsTaken(spec), `the input "${key}"`);
  const problem = problemOf(spec, value);
  if (problem)
    report.add('input_invalid', value, `the input "${key}" ${problem.message}`, problem.hint);
}

/** Problem of one input. Of a value that contains expressions only the outer type is checked. */
function problemOf(spec: InputSpec, node: Node): ReturnType<typeof checkValue> {
  if (node.type === 'unknown' || isNull(node)) return undefined;
  const outer = isDynamic(node);
  if (outer && node.type === 'scalar' && isExpression(String(node.value))) return undefined;
  return checkValue(outer ? typeOnly(spec) : spec, toJson(node));
}

const typeOnly = ({ type, required }: InputSpec): InputSpec => ({
  ...(type && { type }),
  required,
});

function isDynamic(node: Node): boolean {
  if (node.type === 'scalar') {
    return (
      typeof node.value === 'string' &&
      (node.value.includes('{{') || node.value.startsWith('secret://'))
    );
  }
  if (node.type === 'list') return node.items.some(isDynamic);
  return node.type === 'unknown' || node.entries.some(({ value }) => isDynamic(value));
}
