import type { WhileStep } from '../../../../contracts/plan.js';
import { eitherOf, fieldsOf } from '../../check/result-fields.js';
import { readNumber } from '../../fields/scalars.js';
import { StaticScope } from '../../check/static-scope.js';
import { readCondition } from '../../check/template.js';
import { references } from '../../../expression/template.js';
import { maybe, NULL, NUMBER, union } from '../../../types/type.js';
import { WHILE } from '../../../definition/blocks.js';
import type { Built, StepSource } from '../base/builder.js';

/** Compiles a `while` step. Its condition sees the results of the last iteration. */
export function buildWhile({ place, common, fields, value, trace, block }: StepSource): Built {
  const { report, bounded } = place;
  const bound = readNumber(
    report,
    fields.get('max_iterations'),
    '"max_iterations"',
    WHILE.max_iterations,
  );
  if (!bounded && !fields.has('max_iterations')) {
    const hint = 'add max_iterations: to the step, or iterations: to the limits of the directive';
    report.add(
      'missing_key',
      fields.at('while'),
      'a while needs a maximum number of iterations',
      hint,
    );
  }
  const guards = value.type === 'scalar' ? references(value.value) : [];
  const scope = new StaticScope(place.scope, { again: true, guards });
  const body = fields.get('steps');
  const steps = body ? block(body, { path: common.path, scope, trace }, '"steps"') : [];
  scope.result = eitherOf([place.scope.result, scope.result]);
  const test = readCondition({ ...place, scope }, value, '"while"');
  scope.close();
  const last = union(scope.outcome().type, maybe(NULL));
  const step: WhileStep = {
    ...common,
    effect: true,
    kind: 'while',
    test,
    steps,
    ...(bound !== undefined && { max_iterations: bound }),
  };
  return { step, result: fieldsOf({ count: NUMBER, last }) };
}
