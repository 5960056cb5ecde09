import type { ApprovalAnswer } from '../../src/contracts/run/approval.js';
import type { Json } from '../../src/contracts/json/json.js';

/** The signal and the event that come as soon as a run waits for them; others never do. */
export const COMES = 'comes';

/** What they bring. */
export const BROUGHT: Json = { n: 3, status: 'ok', rows: [{ n: 1 }] };

/** What people say to a question of a random plan: it depends on nothing but where it is asked. */
export function decisionAt(path: string, iteration: string): ApprovalAnswer {
  const at = [...`${path}#${iteration}`].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 997, 7);
  const status = (['approved', 'approved', 'denied', 'expired'] as const)[at % 4]!;
  if (status === 'expired') return { status, by: null, comment: null, form: {}, hash: null };
  return {
    status,
    by: 'somebody',
    comment: at % 3 === 0 ? 'well' : null,
    form: { n: at % 5 },
    hash: null,
  };
}
