import type { Json } from '../../contracts/json/json.js';

/** Bounds of a number; `above` excludes the bound itself. */
export interface NumberRule {
  integer?: boolean;
  above?: number;
  least?: number;
  most?: number;
}

/** Rule of the value under a key. */
export type ValueRule =
  /** A string. `hint`: remedy for a string that does not match the pattern. */
  | { type: 'text'; pattern?: RegExp; hint?: string }
  | { type: 'boolean' }
  | { type: 'null' }
  | ({ type: 'number' } & NumberRule)
  | { type: 'choice'; choices: readonly string[] }
  /** A string that is a single `{{ expression }}`. */
  | { type: 'expression' }
  /** Any value; expressions in it are rendered. */
  | { type: 'value' }
  | { type: 'list'; of: ValueRule; least?: number }
  /** A map with these keys only. `one`: exactly one of them is required; `some`: at least one. */
  | { type: 'map'; keys: Keys; one?: readonly string[]; some?: readonly string[] }
  /** A map whose keys are names that the author chooses. */
  | { type: 'names'; of: ValueRule; pattern?: RegExp }
  /** One step, or a non-empty list of steps. */
  | { type: 'steps' }
  | { type: 'either'; of: readonly ValueRule[] };

interface About {
  /** Meaning of the key, in one sentence of Markdown. */
  description: string;
  required?: true;
  /** Value that applies when the key is absent. */
  default?: Json;
  example?: Json;
  /** Another key of the same map, without which this key has no effect. */
  needs?: string;
  /** Further paragraphs of the reference; Markdown. */
  details?: readonly string[];
  /** Files of `directives/examples`, without their ending. */
  examples?: readonly string[];
}

/** Definition of one key. Parser, JSON Schema and reference are all derived from it. */
export type KeyRule = About & ValueRule;

/** The keys that a map may have. */
export type Keys = Readonly<Record<string, KeyRule>>;

/** Keeps the literal types of the definition, so that bounds, choices and defaults are typed exactly. */
export const keysOf = <const K extends Keys>(keys: K): K => keys;

/** Rule of a condition: an expression, or a constant. */
export const CONDITION = {
  type: 'either',
  of: [{ type: 'expression' }, { type: 'boolean' }, { type: 'null' }],
} as const satisfies ValueRule;

/** Rule of values by name, or an expression that yields such a map. */
export const VALUES = {
  type: 'either',
  of: [{ type: 'names', of: { type: 'value' } }, { type: 'expression' }],
} as const satisfies ValueRule;
