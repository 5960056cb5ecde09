import type { AuthoredKind } from '../../contracts/plan.js';
import type { ActionRule } from './action.js';
import { BLOCKS } from './blocks.js';
import { CALLS } from './calls.js';
import { ENDINGS } from './endings.js';
import type { Keys } from './key.js';
import { WAITS } from './waits.js';

const { script, tool, mcp, llm, emit, ...children } = CALLS;

/** In the order of the reference. */
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

/** Every kind of step by the key that names it. */
export const ACTIONS: Readonly<Record<string, ActionRule>> = RULES;

export const KNOWN_ACTIONS: readonly string[] = Object.keys(ACTIONS);

/** The kinds that a key stands beside, where it belongs to some only. */
export const ownersOf = (key: string): string[] =>
  KNOWN_ACTIONS.filter((action) => Object.hasOwn(besideOf(action), key));

/** The keys that stand beside one kind. */
export const besideOf = (action: string): Keys => ACTIONS[action]?.beside ?? {};
