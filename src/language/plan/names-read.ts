import type { Plan } from '../../contracts/plan.js';
import { templateTexts } from './template-texts.js';

const known = new WeakMap<Plan, (name: string) => boolean>();

/**
 * Tells whether some `steps.NAME` of a Plan reads a name, so that only those results travel out of
 * finished blocks. It looks at the text and errs on the side of yes.
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
