import { HOOK_ANSWERS, type HookMoment } from '../../contracts/plan.js';
import { CONDITION, keysOf, type ValueRule } from './key.js';

/** Keys of one hook: its condition and its reaction. */
export const HOOK = keysOf({
  when: {
    ...CONDITION,
    description:
      'Asked only when this holds. It may read `step` (`name`, `kind`, `path`, `attempt`), after a failure `error`, and whatever the step sees. Absent = always.',
    example: "{{ step.kind == 'mcp' }}",
  },
  action: {
    type: 'choice',
    choices: HOOK_ANSWERS.on_error,
    description: 'The answer, where it needs no work.',
    example: 'skip',
  },
  steps: {
    type: 'steps',
    description: 'Run first; the answer is the field `action` of their result.',
    example: [{ directive: 'check_budget' }],
  },
});

const one = { type: 'map', keys: HOOK, one: ['action', 'steps'] } as const;
const some = {
  type: 'either',
  of: [one, { type: 'list', of: one, least: 1 }],
} as const satisfies ValueRule;

const answers = (moment: HookMoment): string =>
  HOOK_ANSWERS[moment].map((answer) => `\`${answer}\``).join(', ');

/** Keys of `hooks`. Of several hooks of a moment, the first whose condition holds runs. */
export const HOOKS = keysOf({
  before_step: {
    ...some,
    description: `Before a step that is not skipped. It answers ${answers('before_step')}.`,
    example: [{ when: '{{ step.attempt > 2 }}', action: 'skip' }],
  },
  after_step: {
    ...some,
    description: `After a step that succeeded; \`result\` is the step’s. It answers ${answers('after_step')}.`,
    example: [{ when: '{{ result.rows == 0 }}', action: 'fail' }],
  },
  on_error: {
    ...some,
    description: `After a step’s last attempt, before its own \`on_error\`. It answers ${answers('on_error')}.`,
    details: [
      '`retry` grants another attempt, at most ten beyond those of the step; `continue` and `skip` finish the step with the result null; `fail` (the default) leaves it to the step’s `on_error`; `abort` ends the run, whatever handlers there are.',
    ],
    example: [{ when: "{{ error.code == 'timeout' }}", action: 'retry' }],
  },
  on_limit: {
    ...some,
    description:
      'When the run has used up a limit, before anything is undone. Nothing that it answers changes that.',
    example: [{ steps: [{ emit: 'limit_met' }] }],
  },
});
