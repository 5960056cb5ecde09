import { ON_FULL } from '../../contracts/plan.js';
import { keysOf } from './key.js';

/** Keys of `concurrency`, which bounds concurrent runs across the platform. */
export const CONCURRENCY = keysOf({
  key: {
    type: 'text',
    description:
      'What they share; expressions may read `inputs` and `run`. Runs of other directives with the same key count, too. Absent = the directive’s name.',
    example: 'deploy {{ inputs.environment }}',
  },
  limit: {
    type: 'number',
    integer: true,
    least: 1,
    most: 1000,
    default: 1,
    description: 'So many runs at once.',
    example: 2,
  },
  on_full: {
    type: 'choice',
    choices: ON_FULL,
    default: 'wait',
    description:
      '`wait`: begins when one of them has ended, in the order of the starts. `skip`: ends at once as cancelled, with the code `skipped`. `cancel_oldest`: has the oldest one cancelled, and begins when that has ended.',
    example: 'skip',
  },
});
