import type { PlanStep } from '../../../contracts/plan.js';

const MAX_LENGTH = 200;

/**
 * The name under which a segment is seen in Temporal Web UI: its steps' names, at most 200 characters.
 * It begins with a word and a blank, so it never equals a registered activity.
 */
export function segmentName(steps: readonly PlanStep[]): string {
  const names = steps.map(({ name }) => name);
  const all = title(names, 0);
  if (all.length <= MAX_LENGTH) return all;
  let kept = names.length;
  while (kept > 1 && title(names.slice(0, kept), names.length - kept).length > MAX_LENGTH) kept--;
  return title(names.slice(0, kept), names.length - kept);
}

function title(names: string[], left: number): string {
  return `steps ${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
