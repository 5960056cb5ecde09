import type { Plan } from '../../contracts/plan.js';
import { templateTexts } from './template-texts.js';

const known = new WeakMap<Plan, (name: string) => boolean>();

/**
 * Returns a function that says whether an expression of the Plan reads `steps.NAME`. Only such results leave finished
 * blocks. It searches the text and may answer true too often, never too rarely.
 */
export function namesRead(plan: Plan): (name: string) => boolean {
  let reads = known.get(plan);
  if (!reads) {
    reads = scan(templateTexts([plan.steps, plan.always, plan.hooks]).join(' '));
    known.set(plan, reads);
  }
  return reads;
}

function scan(text: string): (name: string) => boolean {
  const names = new Set<string>();
  for (const [, name] of text.matchAll(/\bsteps\b(?:\s*\.\s*([a-z_]\w*))?/gi)) {
    if (name === undefined) return () => true;
    names.add(name);
  }
  return (name) => names.has(name);
}
