import type { ApproveStep, Template } from '../../../../contracts/plan.js';
import type { Place } from '../../check/context.js';
import { readInputs } from '../../check/declared-inputs.js';
import { readFields } from '../../fields/fields.js';
import { fieldsOf } from '../../check/result-fields.js';
import { readBoolean, readNumber } from '../../fields/scalars.js';
import { readTemplate } from '../../check/template.js';
import { ANY, STRING } from '../../../types/type.js';
import { APPROVE } from '../../../definition/waits.js';
import { isNull, type Node } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';

const RESULT = fieldsOf({ decision: STRING, by: ANY, comment: ANY, form: ANY });

/** Compiles an `approve` step. */
export function buildApprove({ place, common, value, fields }: StepSource): Built | undefined {
  const { report } = place;
  const terms = readFields(report, value, APPROVE, 'an approve');
  if (!terms) return undefined;
  if (fields.has('timeout_seconds')) {
    const hint = 'write expiry_seconds inside approve';
    report.add('unused_key', fields.at('timeout_seconds'), 'an approve has no attempts', hint);
  }
  readTemplate(place, fields.get('description'));
  const { quorum, self_approval, expiry_seconds } = APPROVE;
  const votes = readNumber(report, terms.get('quorum'), '"quorum"', quorum);
  const own = readBoolean(report, terms.get('self_approval'), '"self_approval"');
  const expiry = readNumber(
    report,
    terms.get('expiry_seconds'),
    '"expiry_seconds"',
    expiry_seconds,
  );
  const step: ApproveStep = {
    ...common,
    own: true,
    kind: 'approve',
    who: readWho(place, terms.get('who')),
    quorum: votes ?? quorum.default,
    form: readInputs(report, terms.get('form')),
    self_approval: own ?? self_approval.default,
    expiry_seconds: expiry ?? expiry_seconds.default,
  };
  return { step, result: RESULT };
}

/** Reads `who`; without it everybody with the right to decide may answer. */
function readWho(place: Place, node: Node | undefined): Template {
  if (!node || node.type === 'unknown' || isNull(node)) return [];
  const texts = node.type === 'list' ? node.items : [node];
  for (const text of texts) {
    if (text.type === 'scalar' && typeof text.value === 'string' && text.value !== '') continue;
    if (text.type === 'unknown') continue;
    const message = '"who" must be an actor or a role, or a list of them';
    place.report.add('invalid_type', text, message, 'write who: operator');
  }
  return readTemplate(place, node);
}
