import type { PlanStep } from '../../contracts/plan.js';
import { readFields, required } from '../check/fields.js';
import { eitherOf } from '../check/result-fields.js';
import { StaticScope } from '../check/static-scope.js';
import { readCondition } from '../check/template.js';
import type { Built, StepSource } from './builder.js';

const SHAPE = { known: ['if', 'then', 'else'] };
const WHAT = 'a conditional';

/** One of two branches, or none. */
export function buildConditional({
  place,
  common,
  value,
  trace,
  block,
}: StepSource): Built | undefined {
  const fields = readFields(place.report, value, SHAPE, WHAT);
  if (!fields) return undefined;
  const test = readCondition(place, required(place.report, fields, 'if', WHAT), '"if"');
  const branch = (key: 'then' | 'else'): { steps: PlanStep[]; scope: StaticScope } => {
    const node = fields.get(key);
    const scope = new StaticScope(place.scope);
    const where = { path: `${common.path}/${key}`, scope, trace };
    return { steps: node ? block(node, where, `"${key}"`) : [], scope };
  };
  if (!fields.has('else')) required(place.report, fields, 'then', WHAT);
  const [then, otherwise] = [branch('then'), branch('else')];
  const result = eitherOf([then.scope.outcome(), otherwise.scope.outcome()]);
  const step = {
    ...common,
    kind: 'conditional',
    test,
    then: then.steps,
    else: otherwise.steps,
  } as const;
  return { step, result, sure: false };
}
