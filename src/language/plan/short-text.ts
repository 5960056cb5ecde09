import { textOf } from '../../contracts/json/json.js';
import type { Template } from '../../contracts/plan.js';

const WIDEST = 60;

/** Text of a template for people, truncated when long. */
export function shortText(template: Template): string {
  const plain = textOf(template);
  return plain.length > WIDEST ? `${plain.slice(0, WIDEST - 1)}…` : plain;
}
