import { CliError, EXIT } from './cli-error.js';

/**
 * Reads a positive whole number from an option's text; `fallback` when the
 * option was not given.
 * @throws CliError for any other text
 */
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
