import { ACTIONS } from './actions.js';
import { DIRECTIVE } from './header.js';
import type { Keys, ValueRule } from './key.js';
import { STEP } from './step.js';

/** All keys of the language whose value contains steps. */
export const STEP_KEYS: ReadonlySet<string> = new Set([
  ...within(DIRECTIVE),
  ...within(STEP),
  ...Object.entries(ACTIONS).flatMap(([action, { value, beside }]) => [
    ...(holdsSteps(value) ? [action] : []),
    ...(value.type === 'map' ? within(value.keys) : []),
    ...within(beside ?? {}),
  ]),
]);

function within(keys: Keys): string[] {
  return Object.keys(keys).filter((key) => holdsSteps(keys[key]!));
}

function holdsSteps(rule: ValueRule): boolean {
  if (rule.type === 'list') return holdsSteps(rule.of);
  if (rule.type === 'either') return rule.of.some(holdsSteps);
  if (rule.type === 'map') return within(rule.keys).length > 0;
  return rule.type === 'steps';
}
