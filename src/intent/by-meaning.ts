import type { DirectiveFact } from './directives.js';

/** From this likeness on, a directive is worth a question though it shares no word with the request. */
const LIKELY = 0.35;
/** A directive that is this far ahead of all others is asked for alone. */
const AHEAD = 0.08;
const MOST = 3;

/**
 * The directives that a request may mean in other words, best first: one when it is clear, up to three when it is not,
 * none when nothing means the same or the search was by text. It is good enough to ask, never to run something.
 */
export function likelyMeant(facts: readonly DirectiveFact[]): DirectiveFact[] {
  const likely = facts
    .filter(({ meaning }) => (meaning ?? 0) >= LIKELY)
    .sort((a, b) => b.meaning! - a.meaning!);
  const [first, second] = likely;
  if (!first || !second) return likely;
  return first.meaning! - second.meaning! >= AHEAD ? [first] : likely.slice(0, MOST);
}
