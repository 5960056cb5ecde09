/** Words that carry no meaning of their own in a request. */
const STOP = new Set(
  `a an the of for to in on at by with and or is are was were be been am do does did done have has had it its this that
  these those there here my our your me us you we i he she they them his her their so just now then also too please
  from into onto about as if not no any some all every each want wants would could can will shall should may might must
  like need needs get give let make sure kindly ok okay hey hi hello thanks thank what which who whom how when where why
  s t re ve ll m d up out over again go going using use via per one ones thing things something anything`.split(
    /\s+/,
  ),
);

/** The words of a text in lower case; names are split at `_` and `-`. */
export const wordsOf = (text: string): string[] =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words that carry meaning, as stems. */
export const termsOf = (text: string): string[] =>
  wordsOf(text)
    .filter((word) => !STOP.has(word))
    .map(stem);

export const isStopWord = (word: string): boolean => STOP.has(word.toLowerCase());

/** A word without its usual endings: "services" and "service", "deploying" and "deploy" are the same. */
export function stem(word: string): string {
  if (word.length <= 3) return word;
  const rules: [RegExp, string][] = [
    [/ies$/, 'y'],
    [/(ss|sh|ch|x|z)es$/, '$1'],
    [/([^s])s$/, '$1'],
    [/([a-z]{3,})(?:ing|ed)$/, '$1'],
    [/([a-z]{3,})e$/, '$1'],
  ];
  let result = word;
  for (const [pattern, by] of rules) result = result.replace(pattern, by);
  return result.replace(/([bdfgklmnprt])\1$/, '$1');
}

/** The number of letters to change, to add, to remove or to swap; at most `most` + 1. */
export function distance(one: string, other: string, most = 2): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[other.length]!;
}

/** True if two words are the same but for a typo: one in words of four letters, two in words of eight. */
export function alike(one: string, other: string): boolean {
  if (one === other) return true;
  const shorter = Math.min(one.length, other.length);
  if (shorter < 4) return false;
  const most = shorter >= 8 ? 2 : 1;
  return distance(one, other, most) <= most;
}
