import type { ParallelStep } from '../../../../contracts/plan.js';
import { fieldsOf } from '../../check/result-fields.js';
import { StaticScope } from '../../check/static-scope.js';
import { listOf, maybe, NULL, union, unionOf } from '../../../types/type.js';
import { WAIT_FOR } from '../../../definition/blocks.js';
import { describe, type Node } from '../../../parse/tree.js';
import type { Place } from '../../check/context.js';
import type { Built, StepSource } from '../base/builder.js';

/** Compiles a `parallel` step. */
export function buildParallel({
  place,
  common,
  fields,
  value,
  trace,
  block,
}: StepSource): Built | undefined {
  if (value.type === 'unknown') return undefined;
  if (value.type !== 'list' || value.items.length === 0) {
    const message = `"parallel" must be a list of branches, but is ${value.type === 'list' ? 'empty' : describe(value)}`;
    place.report.add('invalid_type', value, message, 'write each branch as a step or a list');
    return undefined;
  }
  const scopes: StaticScope[] = [];
  const branches = value.items.map((branch, index) => {
    const scope = new StaticScope(place.scope);
    scopes.push(scope);
    return block(branch, { path: `${common.path}/${index}`, scope, trace }, 'a branch');
  });
  const step: ParallelStep = {
    ...common,
    own: true,
    kind: 'parallel',
    branches,
    wait_for: readWaitFor(place, fields.get('wait_for'), branches.length),
  };
  const left = unionOf(scopes.map((scope) => scope.outcome().type));
  return { step, result: fieldsOf({ branches: listOf(union(left, maybe(NULL))) }) };
}

/** Reads `wait_for`, the number of branches that must succeed. */
function readWaitFor({ report }: Place, node: Node | undefined, count: number): number {
  if (!node || node.type === 'unknown') return count;
  const value = node.type === 'scalar' ? node.value : undefined;
  if (value === 'all') return count;
  if (value === 'any') return 1;
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= count) return Number(value);
  const message = `"wait_for" must be ${WAIT_FOR.join(', ')} or a number of branches, but is ${describe(node)}`;
  report.add('invalid_value', node, message, `write at most ${count}`);
  return count;
}
