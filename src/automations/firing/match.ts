import type { AutomationSpec } from '../../contracts/run/automation.js';
import { isObject, type Json, type JsonObject, textOf } from '../../contracts/json/json.js';

/** Whether an alert is one that an automation waits for; `*` in a text stands for anything. */
export function matchesAlert({ match }: AutomationSpec, alert: JsonObject): boolean {
  const facts: JsonObject = {
    kind: alert['kind'] ?? '',
    severity: alert['severity'] ?? '',
    target: alert['subject'] ?? '',
  };
  return Object.entries(match).every(([key, wanted]) =>
    isLike(textOf(facts[key] ?? ''), textOf(wanted)),
  );
}

/** Whether an event is one that an automation waits for: its data contain what `match` says. */
export const matchesEvent = ({ event, match }: AutomationSpec, given: JsonObject): boolean =>
  given['name'] === event && contains(given['data'] ?? null, match);

function isLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest.slice(0, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - at >= rest.at(-1)!.length && text.endsWith(rest.at(-1)!);
}

/** True when every value of `part` is in `whole`, as `@>` of Postgres means it for objects. */
function contains(whole: Json, part: Json): boolean {
  if (isObject(part))
    return (
      isObject(whole) &&
      Object.entries(part).every(
        ([key, value]) => Object.hasOwn(whole, key) && contains(whole[key]!, value),
      )
    );
  if (Array.isArray(part))
    return (
      Array.isArray(whole) && part.every((each) => whole.some((value) => contains(value, each)))
    );
  return whole === part;
}
