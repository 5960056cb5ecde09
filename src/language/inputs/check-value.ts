import { isObject, type Json } from '../../contracts/json/json.js';
import type { InputSpec, InputType } from '../../contracts/plan.js';
import { formatProblem } from './formats.js';

/** The problem of a value, and the remedy. */
export interface ValueProblem {
  message: string;
  hint?: string;
}

/** Checks a value (not null) against a declared input. Nothing is coerced; 2.0 is an integer. */
export function checkValue(spec: InputSpec, value: Json): ValueProblem | undefined {
  return (
    checkReference(spec, value) ??
    checkType(spec.type, value) ??
    checkEnum(spec, value) ??
    checkRange(spec, value) ??
    checkFormat(spec, value)
  );
}

/** Checks a secret reference. The message never repeats the value, which may be a secret in plain text. */
function checkReference({ format }: InputSpec, value: Json): ValueProblem | undefined {
  if (format !== 'secret') return undefined;
  const example = typeof value === 'string' ? formatProblem(format, value) : 'secret://name';
  return example === undefined
    ? undefined
    : { message: 'is not a reference to a secret', hint: `write it like ${example}` };
}

const TESTS: Record<InputType, (value: Json) => boolean> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  object: isObject,
  array: Array.isArray,
};

function checkType(type: InputType | undefined, value: Json): ValueProblem | undefined {
  if (!type || TESTS[type](value)) return undefined;
  return {
    message: `must be ${withArticle(type)}, but is ${shown(value)}`,
    ...typeHint(type, value),
  };
}

const withArticle = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

function typeHint(type: InputType, value: Json): { hint?: string } {
  if (typeof value !== 'string') return type === 'string' ? { hint: 'put it in quotes' } : {};
  const readable = type === 'boolean' ? /^(true|false)$/ : /^-?\d+(\.\d+)?$/;
  return readable.test(value) && type !== 'object' && type !== 'array'
    ? { hint: 'write it without quotes' }
    : {};
}

function checkEnum({ enum: allowed }: InputSpec, value: Json): ValueProblem | undefined {
  const found = !allowed || allowed.some((each) => JSON.stringify(each) === JSON.stringify(value));
  if (found) return undefined;
  return { message: `is ${shown(value)}`, hint: `use one of ${allowed.map(shown).join(', ')}` };
}

function checkRange({ minimum, maximum }: InputSpec, value: Json): ValueProblem | undefined {
  if (typeof value !== 'number') return undefined;
  if (minimum !== undefined && value < minimum)
    return { message: `is ${value}, but must be at least ${minimum}` };
  if (maximum !== undefined && value > maximum)
    return { message: `is ${value}, but must be at most ${maximum}` };
  return undefined;
}

function checkFormat({ format }: InputSpec, value: Json): ValueProblem | undefined {
  if (!format || typeof value !== 'string') return undefined;
  const example = formatProblem(format, value);
  return example
    ? {
        message: `is ${shown(value)}, which is not a valid ${format}`,
        hint: `write it like ${example}`,
      }
    : undefined;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
