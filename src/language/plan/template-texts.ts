import type { Json } from '../../contracts/json/json.js';

/** Every string in a value that holds expressions. */
export function templateTexts(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('{{') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as Json[]).flatMap(templateTexts);
}
