import type { ActionRule } from './action.js';
import { BLOCKS } from './blocks.js';
import { CALLS } from './calls.js';
import { ENDINGS } from './endings.js';
import type { Keys } from './key.js';
import { WAITS } from './waits.js';

const { script, tool, mcp, llm, emit, ...children } = CALLS;

/** Every kind of step by the key that names it, in the order of the reference. */
export const ACTIONS: Readonly<Record<string, ActionRule>> = {
  script,
  tool,
  mcp,
  llm,
  ...BLOCKS,
  ...WAITS,
  emit,
  ...ENDINGS,
  ...children,
};

export const KNOWN_ACTIONS: readonly string[] = Object.keys(ACTIONS);

/** The kinds that a key stands beside, where it belongs to some only. */
export const ownersOf = (key: string): string[] =>
  KNOWN_ACTIONS.filter((action) => Object.hasOwn(besideOf(action), key));

/** The keys that stand beside one kind. */
export const besideOf = (action: string): Keys => ACTIONS[action]?.beside ?? {};
