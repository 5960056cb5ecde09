import type { PlanStep } from '../../../contracts/plan.js';
import type { Context } from '../check/context.js';
import { describe, type Node } from '../../parse/tree.js';
import type { BlockPlace, BuildBlock } from './base/builder.js';
import { buildStep } from './step.js';

/** Compiles a block, which is one step or a non-empty list of steps. */
export function buildBlock(
  context: Context,
  node: Node,
  where: BlockPlace,
  what: string,
): PlanStep[] {
  if (node.type === 'unknown') return [];
  const again: BuildBlock = (inner, place, name, ending) =>
    buildBlock(ending ? { ...context, ending } : context, inner, place, name);
  if (node.type === 'map') return defined([buildStep(context, node, where, again)]);
  if (node.type === 'list' && node.items.length > 0) {
    return defined(node.items.map((item) => buildStep(context, item, where, again)));
  }
  const message = `${what} must have at least one step, but is ${node.type === 'list' ? 'empty' : describe(node)}`;
  context.report.add('empty_steps', node, message, 'add - script: name');
  return [];
}

const defined = (steps: (PlanStep | undefined)[]): PlanStep[] =>
  steps.filter((step) => step !== undefined);
