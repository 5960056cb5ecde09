import type { PlanStep } from '../../../../contracts/plan.js';
import { missing, readFields } from '../../fields/fields.js';
import { eitherOf } from '../../check/result-fields.js';
import { StaticScope } from '../../check/static-scope.js';
import { readCondition } from '../../check/template.js';
import { references } from '../../../expression/template.js';
import { CONDITIONAL } from '../../../definition/blocks.js';
import type { Built, StepSource } from '../base/builder.js';

const WHAT = 'a conditional';

/** Compiles a `conditional` step, which runs one of two branches, or none. */
export function buildConditional({
  place,
  common,
  value,
  trace,
  block,
}: StepSource): Built | undefined {
  const fields = readFields(place.report, value, CONDITIONAL, WHAT);
  if (!fields) return undefined;
  const test = readCondition(place, fields.get('if'), '"if"');
  const guards = references(test);
  const branch = (key: 'then' | 'else'): { steps: PlanStep[]; scope: StaticScope } => {
    const node = fields.get(key);
    const scope = new StaticScope(place.scope, { guards });
    const where = { path: `${common.path}/${key}`, scope, trace };
    return { steps: node ? block(node, where, `"${key}"`) : [], scope };
  };
  if (!fields.has('else') && !fields.has('then')) missing(place.report, fields, 'then', WHAT);
  const [then, otherwise] = [branch('then'), branch('else')];
  const result = eitherOf([then.scope.outcome(), otherwise.scope.outcome()]);
  const step = {
    ...common,
    kind: 'conditional',
    test,
    then: then.steps,
    else: otherwise.steps,
  } as const;
  return { step, result, sure: then.scope.leaves && otherwise.scope.leaves };
}
