import { ON_FULL } from '../../contracts/plan.js';
import { keysOf } from './key.js';

/** Keys of `concurrency`, which bounds concurrent runs across the platform. */
export const CONCURRENCY = keysOf({
  key: {
    type: 'text',
    description:
      'Runs with the same key share the limit, also runs of other directives. May contain expressions that read `inputs` and `run`. If absent, the key is the name of the directive.',
    example: 'deploy {{ inputs.environment }}',
  },
  limit: {
    type: 'number',
    integer: true,
    least: 1,
    most: 1000,
    default: 1,
    description: 'Maximum number of runs at the same time.',
    example: 2,
  },
  on_full: {
    type: 'choice',
    choices: ON_FULL,
    default: 'wait',
    description:
      'What happens to a new run when the limit is reached. `wait`: it is queued and starts when another run has ended; the queue is first in, first out. `skip`: it is cancelled at once, with the error code `skipped`. `cancel_oldest`: the oldest run is cancelled, and the new one starts when that has ended.',
    example: 'skip',
  },
});
