import { existsSync } from 'node:fs';

/** True when `text` means a file rather than a directive's name: a path, a YAML ending, or `-`. */
export const isFile = (text: string): boolean =>
  text === '-' ||
  text.includes('/') ||
  /\.ya?ml$/i.test(text) ||
  (text.includes('.') && existsSync(text));
