/** The problem of a number literal, and the remedy. */
export interface NumberProblem {
  message: string;
  hint: string;
}

/** A double represents every number of up to 15 digits exactly. */
const SOUND_LENGTH = 15;

/**
 * Checks that an IEEE double represents a number literal. Up to 2^53 only fraction digits are rounded, which is accepted.
 * Beyond 2^53 a literal is sound if the double prints as the same number: 1e300 is, 9007199254740993 and 1e400 are not.
 * @param text a number in the notation of JSON, YAML or an expression
 * @returns undefined for a sound number
 */
export function numberProblem(text: string): NumberProblem | undefined {
  const value = Number(text);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return undefined;
  const shown = text.length > 50 ? `${text.slice(0, 49)}…` : text;
  const hint = `write it as text: "${shown}"`;
  if (!Number.isFinite(value)) return { message: `${shown} is larger than any number`, hint };
  if (text.length <= SOUND_LENGTH || decimal(text) === decimal(String(value))) return undefined;
  return { message: `${shown} cannot be kept exactly as a number`, hint };
}

/** Canonical form of a number literal: its digits without leading and trailing zeros, and its exponent. */
function decimal(text: string): string {
  const plain = /^0[xo]/.test(text) ? String(BigInt(text)) : text;
  const [mantissa = '', exponent = '0'] = plain.replace(/^[+-]/, '').split(/e/i);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  let [start, end] = [0, digits.length];
  while (digits[start] === '0') start += 1;
  while (digits[end - 1] === '0') end -= 1;
  return `${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
