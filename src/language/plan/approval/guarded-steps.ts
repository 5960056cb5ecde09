import type { Plan, PlanStep } from '../../../contracts/plan.js';
import { type Generation, lineageOf } from '../change/lineage.js';

/** Lists after which the run goes on with the step that follows the one around them. */
const GOES_ON = new Set(['then', 'else', 'on_error']);

/**
 * The steps that an approval guards: those that follow it in its list, and in the lists around that one, up to the next
 * approval. Of a loop only the rest of the iteration is guarded, of `parallel` only the rest of the branch.
 */
export function guardedSteps(plan: Plan, path: string): PlanStep[] {
  const guarded: PlanStep[] = [];
  const lineage = lineageOf(plan, path) ?? [];
  for (const generation of lineage.reverse()) {
    const { found, ended } = untilApproval(generation);
    guarded.push(...found);
    if (ended || !GOES_ON.has(generation.label)) break;
  }
  return guarded;
}

/** The steps after one, up to the next that surely asks for an approval. */
function untilApproval({ steps, step }: Generation): { found: PlanStep[]; ended: boolean } {
  const rest = steps.slice(steps.indexOf(step) + 1);
  const next = rest.findIndex(({ kind, if: condition }) => kind === 'approve' && !condition);
  return { found: next < 0 ? rest : rest.slice(0, next), ended: next >= 0 };
}
