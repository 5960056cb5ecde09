/** The relevant fields of an error. */
interface Cause {
  name?: string;
  code?: string;
  message?: string;
}

const DEEPEST = 5;

/** An error and its causes, from the outermost on. */
export function* causesOf(thrown: unknown): Generator<Cause> {
  for (let at = thrown, depth = 0; at && depth < DEEPEST; depth++) {
    yield at as Cause;
    at = (at as Error).cause;
  }
}
