import type { DirectiveSummary } from '../../../contracts/catalog.js';

/** Names on a cycle of calls from a directive through one that it runs back to itself; undefined when there is none. */
export function cycleThrough(
  directives: ReadonlyMap<string, DirectiveSummary>,
  from: string,
  next: string,
): string[] | undefined {
  const seen = new Set<string>();
  const walk = (name: string): string[] | undefined => {
    if (name === from) return [name];
    if (seen.has(name)) return undefined;
    seen.add(name);
    for (const called of directives.get(name)?.calls ?? []) {
      const rest = walk(called);
      if (rest) return [name, ...rest];
    }
    return undefined;
  };
  const way = walk(next);
  return way && [from, ...way];
}
