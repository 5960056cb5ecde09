import type { InputSpec } from '../../../src/contracts/plan.js';
import type { JsonObject } from '../../../src/contracts/json/json.js';

/** What one message should lead to. */
export type Expected =
  | { run: string; inputs?: JsonObject }
  /** A question: for inputs, which one is meant, or for a yes. Nothing is run. */
  | { ask: string | true }
  | { list: string; query?: RegExp }
  | { explain: string }
  | { system: string }
  | { status: { failed?: boolean; since?: string; why?: boolean } }
  | { cancel: true }
  /** Nothing is run, and nothing is asked. */
  | { nothing: true };

/** A conversation: what is said, and what it should lead to, in turn. */
export type Case = [said: string, expected: Expected, ...rest: (string | Expected)[]];

/** A registry of directives, and what people say to it. */
export interface Domain {
  name: string;
  directives: Record<string, { description: string; inputs?: Record<string, Partial<InputSpec>> }>;
  cases: Case[];
}

export const run = (name: string, inputs: JsonObject = {}): Expected => ({ run: name, inputs });
export const ask = (name: string | true = true): Expected => ({ ask: name });
export const list = (type = 'directive', query?: RegExp): Expected => ({
  list: type,
  ...(query && { query }),
});
export const explain = (name: string): Expected => ({ explain: name });
export const system = (item: string): Expected => ({ system: item });
export const status = (
  given: { failed?: boolean; since?: string; why?: boolean } = {},
): Expected => ({ status: given });
export const cancel: Expected = { cancel: true };
export const nothing: Expected = { nothing: true };
