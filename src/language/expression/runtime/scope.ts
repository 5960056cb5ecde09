import type { Json } from '../../../contracts/json/json.js';

/** Supplies the values that an expression reads. */
export interface EvaluationScope {
  /** Value of a bare name; undefined = unknown name, which reads as null. */
  lookup(name: string): Json | undefined;
  /** Value of a blob by its SHA-256; undefined = not available, then {@link NeedsValue} is thrown. */
  deref?(hash: string): Json | undefined;
  /** Time of the run's clock, ISO-8601. */
  now(): string;
  /** Run id and step key, from which `uuid()` is derived. */
  seed(): string;
}
