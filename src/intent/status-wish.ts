import type { Wish } from './wish.js';

const SINCE: [RegExp, string][] = [
  [/\blast night|\bovernight\b/, '16h'],
  [/\btoday\b|\bthis morning\b/, '24h'],
  [/\byesterday\b/, '48h'],
  [/\b(?:this|last|past) week\b/, '168h'],
  [/\b(?:last|past) hour\b|\brecently\b|\bjust now\b/, '1h'],
];

function sinceOf(lower: string): string | undefined {
  const [, count, unit] =
    /\b(?:last|past) (\d+) ?(hour|hr|h|day|d|minute|min|m|week|w)s?\b/.exec(lower) ?? [];
  if (count && unit) {
    const hours = { h: 1, d: 24, m: 1 / 60, w: 168 }[unit[0] as 'h'];
    return hours < 1 ? `${count}m` : `${Number(count) * hours}h`;
  }
  return SINCE.find(([pattern]) => pattern.test(lower))?.[1];
}

/** A question about runs; undefined when the message is none. */
export function statusWish(lower: string): Wish | undefined {
  const since = sinceOf(lower);
  const failed =
    /\b(?:fail|failed|failing|failure|failures|broke|broken|error|errors|errored|crash|crashed|went wrong|go wrong|wrong)\b/.test(
      lower,
    );
  const why =
    /^why\b|\bwhy (?:did|has|was|is)\b|\bwhat (?:went wrong|happened)\b|\bwhat was the (?:error|problem|reason)\b|\breason\b/.test(
      lower,
    );
  const asksState =
    /^(?:status|state|progress)\b/.test(lower) ||
    /\b(?:what(?:'s| is| are)|which .*(?:is|are)|anything|what) (?:is |are )?(?:still |currently )?(?:running|active|going on|in progress|happening|pending|queued)\b/.test(
      lower,
    ) ||
    /\b(?:status|result|outcome|output|progress) of\b/.test(lower) ||
    /^(?:is|are|did|has|have|was|were)\b.*\b(?:done|finished|finish|complete|completed|succeed|succeeded|work|worked|running|run|through|ready|over|ok|successful|fail|failed)\b/.test(
      lower,
    ) ||
    /^how (?:is|did|are) .*\b(?:going|go|doing|it)\b/.test(lower) ||
    /^how(?:'s| is) it going$/.test(lower) ||
    /^(?:show|list|give|get|tell)\b.*\b(?:last|latest|recent|previous|past|current|active|running) (?:\w+ )?(?:runs?|executions?|jobs?|results?|failures?)\b/.test(
      lower,
    ) ||
    /^(?:last|latest|recent) (?:runs?|executions?|results?)\b/.test(lower) ||
    /^what (?:has |have )?(?:ran|run|executed|happened)\b/.test(lower);
  const asksFailure =
    failed &&
    /^(?:what|which|why|show|list|any|did|has|have|is|are|anything|tell|how many|were|was|give)\b/.test(
      lower,
    );
  if (why || asksFailure || asksState)
    return {
      kind: 'status',
      about: aboutOf(lower),
      failed: failed || why,
      ...(since && { since }),
      why,
    };
  return undefined;
}

const aboutOf = (lower: string): string =>
  lower
    .replace(
      /\b(?:what|which|why|did|has|have|had|is|are|was|were|the|my|our|any|all|run|runs|execution|executions|job|jobs|fail|failed|failing|failure|failures|error|errors|wrong|went|go|broke|crash|crashed|last|latest|recent|previous|night|today|yesterday|this|past|week|hour|hours|day|days|morning|status|state|result|outcome|output|progress|of|in|on|it|that|done|finished|finish|complete|completed|succeed|succeeded|work|worked|running|active|currently|still|show|list|tell|me|give|get|how|going|doing|happened|ran|executed|a|an|there|anything|something|s|yet|so|far|since|recently|time|reason|for|problem|to|happening|pending|queued|through|ready|over|ok|successful)\b/g,
      ' ',
    )
    .replace(/\d+/g, ' ')
    .replace(/[^\p{L}\p{N}_\s-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
