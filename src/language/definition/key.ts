import type { Json } from '../../contracts/json/json.js';

/** Bounds of a number; `above` excludes the bound itself. */
export interface NumberRule {
  integer?: boolean;
  above?: number;
  least?: number;
  most?: number;
}

/** What may stand under a key. */
export type ValueRule =
  /** `hint`: what to do where the pattern does not match. */
  | { type: 'text'; pattern?: RegExp; hint?: string }
  | { type: 'boolean' }
  | { type: 'null' }
  | ({ type: 'number' } & NumberRule)
  | { type: 'choice'; choices: readonly string[] }
  /** A text that is one `{{ expression }}`. */
  | { type: 'expression' }
  /** Anything; expressions in it are rendered. */
  | { type: 'value' }
  | { type: 'list'; of: ValueRule; least?: number }
  /** A map with these keys and no others: exactly one of `one`, at least one of `some`. */
  | { type: 'map'; keys: Keys; one?: readonly string[]; some?: readonly string[] }
  /** A map of names that the author chooses. */
  | { type: 'names'; of: ValueRule; pattern?: RegExp }
  /** One step, or a list of steps that is not empty. */
  | { type: 'steps' }
  | { type: 'either'; of: readonly ValueRule[] };

interface About {
  /** What it says, in a sentence; Markdown. */
  description: string;
  required?: true;
  /** What holds where the key is absent. */
  default?: Json;
  example?: Json;
  /** Another key of the same map, without which this one says nothing. */
  needs?: string;
  /** Further paragraphs of the reference; Markdown. */
  details?: readonly string[];
  /** Files of `directives/examples`, without their ending. */
  examples?: readonly string[];
}

/** One key of the language. The parser, the JSON Schema and the reference all read it here. */
export type KeyRule = About & ValueRule;

/** The keys that a map may have. */
export type Keys = Readonly<Record<string, KeyRule>>;

/** Keeps what is written as narrow as it is written: bounds, choices and defaults have types of their own. */
export const keysOf = <const K extends Keys>(keys: K): K => keys;

/** A condition: an expression, or a constant. */
export const CONDITION = {
  type: 'either',
  of: [{ type: 'expression' }, { type: 'boolean' }, { type: 'null' }],
} as const satisfies ValueRule;

/** Values by name, or an expression that gives them. */
export const VALUES = {
  type: 'either',
  of: [{ type: 'names', of: { type: 'value' } }, { type: 'expression' }],
} as const satisfies ValueRule;
