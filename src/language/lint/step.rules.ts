import type { PlanStep } from '../../contracts/plan.js';
import { specOf } from '../plan/kinds.js';
import { bodiesOf, handlersOf } from '../plan/steps/step-blocks.js';
import type { Rule, Subject } from './subject.js';

/** Reports steps behind a step that always ends the run. */
export const unreachableStep: Rule = (subject) => {
  const { steps, always = [] } = subject.plan;
  for (const block of [steps, always, ...subject.steps.flatMap(blocksOf)]) {
    const end = block.findIndex(endsRun);
    const [after] = end < 0 ? [] : block.slice(end + 1);
    if (!after) continue;
    const message = `"${after.name}" is never reached: "${block[end]!.name}" ends the run`;
    subject.add(
      'unreachable_step',
      subject.at(after),
      message,
      'remove it, or move it before that step',
    );
  }
};

const blocksOf = (step: PlanStep): (readonly PlanStep[])[] =>
  [...bodiesOf(step), ...handlersOf(step)].map(([, steps]) => steps);

/** True if the step always ends the run; a conditional does if both its branches do. */
function endsRun(step: PlanStep): boolean {
  if (step.if !== undefined || step.on_error !== undefined) return false;
  if (specOf(step).ends) return true;
  if (step.kind !== 'conditional') return false;
  return step.then.some(endsRun) && step.else.some(endsRun);
}

export const unboundedLoop: Rule = (subject) => {
  if (subject.within('limits')?.has('iterations')) return;
  for (const step of subject.steps) {
    if (step.kind !== 'foreach' || step.max_iterations !== undefined) continue;
    if (Array.isArray(step.items)) continue;
    const message = 'this loop has no maximum number of iterations except that of the platform';
    const hint = 'add max_iterations to the step, or iterations to the limits';
    subject.add('unbounded_loop', subject.at(step, 'foreach'), message, hint);
  }
};

export const endlessWait: Rule = (subject) => {
  for (const step of subject.steps) {
    if (step.kind !== 'wait' || step.timeout_seconds !== undefined) continue;
    const what = step.signal === undefined ? step.event && 'event' : 'signal';
    if (!what) continue;
    const message = `if the ${what} never arrives, the whole run fails with duration_seconds_exceeded`;
    const hint = 'add timeout_seconds, and on_error for the case that it is exceeded';
    subject.add('endless_wait', subject.at(step, 'wait'), message, hint);
  }
};

/** Reports a step whose timeout exceeds the duration of the run. */
export const beyondDuration: Rule = (subject) => {
  const { duration_seconds: limit } = subject.plan.limits;
  for (const step of subject.steps) {
    const [key, seconds] = ownTime(step);
    if (seconds === undefined || seconds < limit) continue;
    if (key === 'timeout_seconds' && !subject.says(step, key)) continue;
    const message = `${key} is ${seconds}, but limits.duration_seconds is ${limit}: the run fails first, without on_error`;
    const at = subject.at(step, key === 'timeout_seconds' ? key : step.kind);
    subject.add('beyond_duration', at, message, 'shorten it, or raise limits.duration_seconds');
  }
};

function ownTime(step: PlanStep): [string, number | undefined] {
  if (step.kind === 'approve') return ['expiry_seconds', step.expiry_seconds];
  const { timeout_seconds } = step.kind === 'llm' ? step.steps[0] : step;
  return ['timeout_seconds', timeout_seconds];
}

/** Reports a retried script that ignores its idempotency key, since it may do its work twice. */
export const keyIgnored: Rule = (subject) => {
  const { permissions } = subject.plan;
  if (permissions?.every((tag) => tag.startsWith('read:') || tag.startsWith('deny:'))) return;
  for (const step of subject.steps) {
    if (step.kind !== 'script' || step.system || (step.retry?.attempts ?? 1) < 2) continue;
    const text = subject.scriptText(step.script);
    if (text === undefined || /idempotency_?key/i.test(text)) continue;
    const message = `"${step.script}" is retried but does not use context.idempotency_key: an effect may happen twice`;
    subject.add('key_ignored', subject.at(step, 'retry'), message, 'use the key in the script');
  }
};

export const unnamedQuestion: Rule = (subject) => {
  for (const step of subject.steps) {
    const isVisible =
      step.kind === 'approve' || (step.kind === 'wait' && step.signal !== undefined);
    if (!isVisible || subject.says(step, 'name')) continue;
    const message = `people see this step under its generated name "${step.name}"`;
    subject.add('unnamed_question', subject.at(step), message, 'give it a name');
  }
};

export const unusedOutput: Rule = (subject) => {
  const { plan, steps, reads } = subject;
  const roots = new Set(reads.map(([root]) => root));
  if (roots.has('result')) return;
  const named = new Set(reads.filter(([root]) => root === 'steps').map(([, name]) => name));
  if (named.has(undefined)) return;
  for (const step of steps) {
    if (!step.output || step === plan.steps.at(-1) || named.has(step.name)) continue;
    if (step.output.some((field) => roots.has(field)) || isLast(subject, step)) continue;
    const message = `nothing reads ${step.output.join(', ')} of "${step.name}"`;
    subject.add('unused_output', subject.at(step, 'output'), message, 'remove it, or use it');
  }
};

/** True for the last step of a block, whose result becomes the result of the step around it. */
const isLast = ({ steps }: Subject, step: PlanStep): boolean =>
  steps.some((each) => bodiesOf(each).some(([, inside]) => inside.at(-1) === step));
