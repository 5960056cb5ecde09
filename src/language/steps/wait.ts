import type { WaitStep } from '../../contracts/plan.js';
import { readFields } from '../check/fields.js';
import { fieldsOf } from '../check/result-fields.js';
import { readNumber } from '../check/scalars.js';
import { isExpression, readTemplate } from '../check/template.js';
import type { Place } from '../check/context.js';
import { isDate } from '../expression/functions-date.js';
import { describe, type Node } from '../parse/tree.js';
import type { Built, StepSource } from './builder.js';

const KEYS = ['duration_seconds', 'until'] as const;
const SHAPE = { known: KEYS, later: ['signal', 'event', 'match'] };

/** A durable timer: it holds no worker, and goes on after any restart. */
export function buildWait({ place, common, value }: StepSource): Built | undefined {
  const { report } = place;
  const fields = readFields(report, value, SHAPE, 'a wait');
  if (!fields) return undefined;
  const [key, other] = KEYS.filter((each) => fields.has(each));
  if (!key) {
    if (fields.keys().some((each) => SHAPE.later.includes(each))) return undefined;
    report.add('missing_key', value, 'a wait must say how long', `add one of ${KEYS.join(', ')}`);
    return undefined;
  }
  if (other) {
    const message = `a wait has one of ${KEYS.join(' and ')}, and this one has both`;
    report.add('misplaced_key', fields.at(other), message, 'remove one');
  }
  const step: WaitStep = {
    ...common,
    own: true,
    kind: 'wait',
    [key]: read(place, key, fields.get(key)!),
  };
  return { step, result: fieldsOf([]) };
}

/** What is written out is checked now, what is computed when it runs. */
function read(place: Place, key: (typeof KEYS)[number], node: Node) {
  const text = node.type === 'scalar' ? node.value : undefined;
  if (typeof text === 'string' && isExpression(text)) return readTemplate(place, node);
  if (key === 'until') return readDate(place, node);
  return readNumber(place.report, node, '"duration_seconds"', { least: 0, most: 30 * 86_400 }) ?? 0;
}

function readDate({ report }: Place, node: Node) {
  const value = node.type === 'scalar' ? node.value : null;
  if ((typeof value === 'string' || typeof value === 'number') && isDate(value)) return value;
  const hint = 'write it as "2026-01-31T12:00:00Z"';
  report.add('invalid_value', node, `"until" must be a date, and is ${describe(node)}`, hint);
  return null;
}
