import { HOOK_ANSWERS, type HookMoment } from '../../contracts/plan.js';
import { CONDITION, keysOf, type ValueRule } from './key.js';

/** Keys of one hook: its condition and its reaction. */
export const HOOK = keysOf({
  when: {
    ...CONDITION,
    description:
      'The condition under which the hook is used. It can read `step` (`name`, `kind`, `path`, `attempt`), `error` after a failure, and everything that the step can read. If absent, the hook is always used.',
    example: "{{ step.kind == 'mcp' }}",
  },
  action: {
    type: 'choice',
    choices: HOOK_ANSWERS.on_error,
    description: 'The action to take, if no steps are needed to decide it.',
    example: 'skip',
  },
  steps: {
    type: 'steps',
    description: 'The steps that decide the action: it is the field `action` of their result.',
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
    description: `Runs before a step, unless the step is skipped. Actions: ${answers('before_step')}.`,
    example: [{ when: '{{ step.attempt > 2 }}', action: 'skip' }],
  },
  after_step: {
    ...some,
    description: `Runs after a step that succeeded; \`result\` is the result of the step. Actions: ${answers('after_step')}.`,
    example: [{ when: '{{ result.rows == 0 }}', action: 'fail' }],
  },
  on_error: {
    ...some,
    description: `Runs when the last attempt of a step has failed, before the \`on_error\` of the step. Actions: ${answers('on_error')}.`,
    details: [
      '`retry` starts another attempt, at most ten more than the step has; `continue` and `skip` finish the step with the result null; `fail` (the default) passes the error to the `on_error` of the step; `abort` fails the run without any `on_error`.',
    ],
    example: [{ when: "{{ error.code == 'timeout' }}", action: 'retry' }],
  },
  on_limit: {
    ...some,
    description:
      'Runs when the run has exceeded a limit, before compensation. It has no actions: the run fails in any case.',
    example: [{ steps: [{ emit: 'limit_met' }] }],
  },
});
