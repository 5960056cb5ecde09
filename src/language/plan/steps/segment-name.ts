import type { PlanStep } from '../../../contracts/plan.js';

const MAX_LENGTH = 200;

/**
 * Name of a segment in Temporal Web UI: the names of its steps, at most 200 characters. It begins with a word and a blank,
 * so it never equals the name of a registered activity.
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
