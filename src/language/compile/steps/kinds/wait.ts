import type { WaitStep } from '../../../../contracts/plan.js';
import { type Fields, readFields } from '../../fields/fields.js';
import { ANY_FIELDS, fieldsOf } from '../../check/result-fields.js';
import { readNumber } from '../../fields/scalars.js';
import { isExpression, readTemplate } from '../../check/template.js';
import { expectTemplate } from '../../check/types.js';
import type { Kind } from '../../../types/type.js';
import type { Place } from '../../check/context.js';
import { WAIT, WAIT_SECONDS, WAIT_TERMS } from '../../../definition/waits.js';
import { isDate } from '../../../expression/functions/instant.js';
import { describe, type Node } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';
import { readName } from './emit.js';

type Term = (typeof WAIT_TERMS)[number];

const KINDS_OF: Readonly<Record<Term, readonly Kind[]>> = {
  duration_seconds: ['number'],
  until: ['string', 'number'],
  signal: ['string'],
  event: ['string'],
};

/** Compiles a `wait` step. */
export function buildWait({ place, common, value }: StepSource): Built | undefined {
  const { report } = place;
  const fields = readFields(report, value, WAIT, 'a wait');
  if (!fields) return undefined;
  const [key, other] = WAIT_TERMS.filter((each) => fields.has(each));
  if (!key) {
    report.add(
      'missing_key',
      value,
      'the wait does not say what it waits for',
      `add one of ${WAIT_TERMS.join(', ')}`,
    );
    return undefined;
  }
  if (other) {
    const message = `a wait is for one thing, and this wait already has "${key}"`;
    report.add('misplaced_key', fields.at(other), message, 'remove one of them');
  }
  const step: WaitStep = {
    ...common,
    own: true,
    kind: 'wait',
    [key]: read(place, key, fields.get(key)!),
    ...readMatch(place, key, fields),
  };
  return { step, result: key === 'signal' || key === 'event' ? ANY_FIELDS : fieldsOf({}) };
}

function readMatch(place: Place, key: Term, fields: Fields) {
  const node = fields.get('match');
  if (!node) return {};
  if (key !== 'event') {
    const message = `"match" belongs to "event", not to "${key}"`;
    place.report.add('misplaced_key', fields.at('match'), message, 'remove it');
  } else if (node.type === 'map' || node.type === 'unknown' || isText(node)) {
    return { match: readTemplate(place, node) };
  } else {
    const message = `"match" must be a map, but is ${describe(node)}`;
    place.report.add('invalid_type', node, message, 'write match: { field: value }');
  }
  return {};
}

const isText = (node: Node): boolean =>
  node.type === 'scalar' && typeof node.value === 'string' && isExpression(node.value);

/** Reads one term. Literals are checked now, expressions when the step runs. */
function read(place: Place, key: Term, node: Node) {
  const text = node.type === 'scalar' ? node.value : undefined;
  if (typeof text === 'string' && isExpression(text)) {
    expectTemplate(place, node, KINDS_OF[key], `"${key}"`);
    return readTemplate(place, node);
  }
  if (key === 'signal' || key === 'event') return readName(place, node, `a ${key}`);
  if (key === 'until') return readDate(place, node);
  return readNumber(place.report, node, '"duration_seconds"', WAIT_SECONDS) ?? 0;
}

function readDate({ report }: Place, node: Node) {
  const value = node.type === 'scalar' ? node.value : null;
  if ((typeof value === 'string' || typeof value === 'number') && isDate(value)) return value;
  const hint = 'write it as "2026-01-31T12:00:00Z"';
  report.add('invalid_value', node, `"until" must be a date, but is ${describe(node)}`, hint);
  return null;
}
