import type { AuthoredKind } from '../../contracts/plan.js';
import type { ActionRule } from './action.js';
import { BLOCKS } from './blocks.js';
import { CALLS } from './calls.js';
import { ENDINGS } from './endings.js';
import type { Keys } from './key.js';
import { WAITS } from './waits.js';

const { script, tool, mcp, llm, emit, ...children } = CALLS;

/** Every action, in the order of the reference. */
const RULES = {
  script,
  tool,
  mcp,
  llm,
  ...BLOCKS,
  ...WAITS,
  emit,
  ...ENDINGS,
  ...children,
} satisfies { [K in AuthoredKind]: ActionRule & { kind: K } } & Record<string, ActionRule>;

/** The definition of every action, by its key. */
export const ACTIONS: Readonly<Record<string, ActionRule>> = RULES;

export const KNOWN_ACTIONS: readonly string[] = Object.keys(ACTIONS);

/** Actions that a key belongs to; empty for keys of all steps. */
export const ownersOf = (key: string): string[] =>
  KNOWN_ACTIONS.filter((action) => Object.hasOwn(besideOf(action), key));

/** Keys that are allowed beside one action only. */
export const besideOf = (action: string): Keys => ACTIONS[action]?.beside ?? {};
