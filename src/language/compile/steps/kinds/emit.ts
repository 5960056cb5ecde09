import type { EmitStep } from '../../../../contracts/plan.js';
import { SIGNAL_NAME } from '../../../../contracts/message.js';
import type { Place } from '../../check/context.js';
import { checkRight } from '../../check/permissions.js';
import { fieldsOf } from '../../check/result-fields.js';
import { readText } from '../../fields/scalars.js';
import { ANY } from '../../../types/type.js';
import { isExpression, readTemplate } from '../../check/template.js';
import { CALLS } from '../../../definition/calls.js';
import type { Node } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';
import { readStepInputs } from '../base/inputs.js';

const RESULT = fieldsOf({ event_id: ANY });

/** Compiles an `emit` step, which publishes an event. */
export function buildEmit({ place, common, value, fields, trace }: StepSource): Built {
  const event = readName(place, value, 'an event');
  checkRight(place, CALLS.emit.right, event, 'an emit step', fields.at('emit'));
  const step: EmitStep = {
    ...common,
    timeout_seconds: common.timeout_seconds ?? CALLS.emit.timeout_seconds,
    own: trace === 'step',
    effect: true,
    kind: 'emit',
    event,
    inputs: readStepInputs(place, fields.get('inputs'), false),
  };
  return { step, result: RESULT };
}

/** Reads the name of an event or signal, or an expression that yields one. */
export function readName(place: Place, node: Node, what: string) {
  const text = readText(place.report, node, `the name of ${what}`);
  if (text === undefined) return '';
  if (isExpression(text)) return readTemplate(place, node);
  if (!SIGNAL_NAME.test(text)) {
    const hint =
      'use letters, digits, "_", "-" and ".", at most 64 characters, starting with a letter';
    place.report.add('invalid_name', node, `this is not a valid name for ${what}`, hint);
  }
  return text;
}
