import { existsSync } from 'node:fs';

/**
 * True when `text` names a file rather than a directive: a path, a YAML
 * extension, or `-`.
 */
export const isFile = (text: string): boolean =>
  text === '-' ||
  text.includes('/') ||
  /\.ya?ml$/i.test(text) ||
  (text.includes('.') && existsSync(text));
