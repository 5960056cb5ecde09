import type { Json } from '../../../contracts/json/json.js';

/** Where an expression finds its values. */
export interface EvaluationScope {
  /** The value of a bare name; undefined = no such name (reads as null). */
  lookup(name: string): Json | undefined;
  /** The value of a blob; undefined = not at hand, then {@link NeedsValue} is thrown. */
  deref?(hash: string): Json | undefined;
  /** The run's clock, ISO-8601. */
  now(): string;
  /** Run id and step key: what `uuid()` is derived from. */
  seed(): string;
}
