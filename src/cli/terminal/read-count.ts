import { CliError, EXIT } from './cli-error.js';

/** A positive whole number from an option's text; `fallback` when the option was not given. */
export function readCount(option: string, text: unknown, fallback: number): number {
  if (text === undefined) return fallback;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new CliError(
    EXIT.usage,
    'input_invalid',
    `${option} must be a positive whole number, not ${text}`,
  );
}
