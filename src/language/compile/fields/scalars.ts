import type { NumberRule } from '../../definition/key.js';
import { didYouMean } from '../../text/nearest.js';
import type { Report } from '../../parse/report.js';
import { describe, type Node } from '../../parse/tree.js';

/** Reads a string; reports any other value. */
export function readText(report: Report, node: Node | undefined, what: string): string | undefined {
  if (!node || node.type === 'unknown') return undefined;
  if (node.type === 'scalar' && typeof node.value === 'string') return node.value;
  const hint = node.type === 'scalar' && node.value !== null ? 'put it in quotes' : undefined;
  report.add('invalid_type', node, `${what} must be text, but is ${describe(node)}`, hint);
  return undefined;
}

/** Reads true or false; reports any other value. */
export function readBoolean(
  report: Report,
  node: Node | undefined,
  what: string,
): boolean | undefined {
  if (!node || node.type === 'unknown') return undefined;
  if (node.type === 'scalar' && typeof node.value === 'boolean') return node.value;
  report.add('invalid_type', node, `${what} must be true or false, but is ${describe(node)}`);
  return undefined;
}

/** Reads a literal number within bounds; reports any other value. */
export function readNumber(
  report: Report,
  node: Node | undefined,
  what: string,
  rule: NumberRule = {},
): number | undefined {
  if (!node || node.type === 'unknown') return undefined;
  const value = node.type === 'scalar' ? node.value : null;
  const wanted = rule.integer ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || (rule.integer && !Number.isSafeInteger(value))) {
    const message = `${what} must be ${wanted}, but is ${describe(node)}`;
    report.add('invalid_type', node, message, numberHint(value, what, wanted));
    return undefined;
  }
  const bound = brokenBound(value, rule);
  if (bound) report.add('invalid_value', node, `${what} must be ${bound}, but is ${value}`);
  return bound ? undefined : value;
}

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minutes: 60,
  h: 3_600,
  hours: 3_600,
  d: 86_400,
  days: 86_400,
};

/** Hint for a text that was meant as a number: seconds with a unit, or a number in quotes. */
function numberHint(value: unknown, what: string, wanted: string): string | undefined {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(value)) ?? [];
  if (typeof value !== 'string' || digits === undefined) return undefined;
  const whole = wanted === 'a whole number' && digits.includes('.');
  if (unit === '') return whole ? undefined : `write it without quotes: ${digits}`;
  const factor = SECONDS[unit!.toLowerCase()];
  if (factor === undefined || !what.includes('_seconds')) return undefined;
  return `write the seconds: ${+(Number(digits) * factor).toFixed(3)}`;
}

function brokenBound(value: number, { above, least, most }: NumberRule): string | undefined {
  if (above !== undefined && value <= above) return `more than ${above}`;
  if (least !== undefined && value < least) return `at least ${least}`;
  return most !== undefined && value > most ? `at most ${most}` : undefined;
}

/** Reads one of several words; reports any other value. */
export function readChoice<T extends string>(
  report: Report,
  node: Node | undefined,
  what: string,
  choices: readonly T[],
): T | undefined {
  if (!node || node.type === 'unknown') return undefined;
  const value = node.type === 'scalar' ? node.value : null;
  if (typeof value === 'string' && choices.includes(value as T)) return value as T;
  const hint = typeof value === 'string' ? didYouMean(value, choices) : undefined;
  const message = `${what} must be ${choices.join(' or ')}, but is ${describe(node)}`;
  report.add('invalid_value', node, message, hint);
  return undefined;
}

/** Reads a list of strings; reports any other value. */
export function readTexts(
  report: Report,
  node: Node | undefined,
  what: string,
): string[] | undefined {
  if (!node || node.type === 'unknown') return undefined;
  if (node.type !== 'list') {
    report.add(
      'invalid_type',
      node,
      `${what} must be a list, but is ${describe(node)}`,
      'write [a, b]',
    );
    return undefined;
  }
  const texts = node.items.map((item) => readText(report, item, `an item of ${what}`));
  return texts.filter((text) => text !== undefined);
}
