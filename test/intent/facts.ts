import type { InputSpec } from '../../src/contracts/plan.js';
import { directivesIn, type DirectiveFact } from '../../src/intent/directives.js';

/** A directive as a search tells of it. */
export function fact(
  id: string,
  description = '',
  inputs: Record<string, Partial<InputSpec>> = {},
  more: { destructive?: boolean; score?: number } = {},
): DirectiveFact {
  const { destructive = false, score = 0.5 } = more;
  const metadata = { description, kind: 'steps', destructive, inputs };
  return directivesIn({ results: [{ id, type: 'directive', score, metadata }] } as never)[0]!;
}
