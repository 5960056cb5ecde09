import type { ApprovalAnswer, ApprovalRequest } from '../../../contracts/run/approval.js';
import { MissionError } from '../../../contracts/errors.js';
import { isObject, type Json } from '../../../contracts/json/json.js';
import { topicOf } from '../../../contracts/message.js';
import type { ApproveStep } from '../../../contracts/plan.js';
import type { DoneRecord } from '../../../contracts/run/records.js';
import type { StepAttempt, StepContext } from '../state/step-attempt.js';
import type { Interpretation } from '../state/interpretation.js';
import { approvalHash } from '../../plan/approval/approval-hash.js';
import { asWritten } from '../../plan/approval/known-part.js';
import { recordKey } from '../../plan/steps/record-key.js';

/** Asks people, and waits for their decision. Whoever decides first, the database tells. */
export async function runApprove(
  ctx: Interpretation,
  at: StepAttempt<ApproveStep>,
): Promise<DoneRecord> {
  const { step } = at;
  const answer = await answerTo(ctx, at);
  const { status, by, comment, form } = answer;
  if (status === 'approved') {
    return { status: 'done', result: { decision: 'approved', by, comment, form } };
  }
  const data = { by, comment, form };
  if (status === 'denied') throw refused(step, 'approval_denied', `${by} denied it`, data);
  throw refused(step, 'approval_expired', `nobody decided within ${step.expiry_seconds} s`, data);
}

async function answerTo(
  ctx: Interpretation,
  at: StepAttempt<ApproveStep>,
): Promise<ApprovalAnswer> {
  const { step, place, attempt } = at;
  const key = recordKey(place);
  let record = ctx.records.get(key);
  if (record?.status !== 'wait') {
    const started_ms = ctx.effects.now();
    const until_ms = started_ms + step.expiry_seconds * 1000;
    const request = await requestOf(ctx, at, { started_ms, until_ms });
    const decided = await ctx.effects.ask(request);
    if (decided) return decided;
    record = { status: 'wait', started_ms, until_ms, attempt, hash: request.hash };
    ctx.records.set(key, record);
  }
  const { until_ms, hash } = record;
  const topic = topicOf({ kind: 'decision', name: key });
  for (;;) {
    const came = await ctx.effects.receive(topic, until_ms!, step.name);
    if (came === undefined) return ctx.effects.expire(place);
    // A decision on an earlier question of a run that was started again does not count: it is asked anew.
    const answer = came as ApprovalAnswer;
    if (answer.hash == null || hash === undefined || answer.hash === hash) return answer;
  }
}

async function requestOf(
  ctx: Interpretation,
  { step, place, block, attempt }: StepAttempt<ApproveStep>,
  { started_ms, until_ms }: { started_ms: number; until_ms: number },
): Promise<ApprovalRequest> {
  const who = peopleOf(await ctx.effects.render(step.who, block, place));
  await ctx.effects.waiting({ ...place, name: step.name, kind: step.kind, attempt, started_ms });
  const text = await ctx.effects.render(step.description ?? null, block, place);
  const description = await ctx.effects.text(text);
  const shows = await shownTo(ctx, { step, place, block });
  const question = { ...questionOf(step), description, shows };
  return { ...place, ...question, who, hash: approvalHash(question), expires_ms: until_ms };
}

/** What the approval guards, with the arguments as they are now. One that cannot be evaluated fails its own step, later. */
async function shownTo(
  ctx: Interpretation,
  { step: { shows }, place, block }: StepContext<ApproveStep>,
): Promise<Json> {
  if (shows === undefined) return null;
  const rendered = await ctx.effects.render(shows, block, place).catch((thrown: unknown) => {
    if (!(thrown instanceof MissionError)) throw thrown;
    return asWritten(shows);
  });
  return ctx.effects.keep(rendered);
}

const questionOf = ({ name, quorum, self_approval, form }: ApproveStep) => ({
  step: name,
  quorum,
  self_approval,
  form,
});

/** One name or several. */
function peopleOf(value: Json): string[] {
  const names = Array.isArray(value) ? value : value === null ? [] : [value];
  if (names.every((name) => typeof name === 'string' && name !== '')) return names as string[];
  const shown = isObject(value) ? 'a map' : JSON.stringify(value).slice(0, 100);
  const message = `approve.who must be a name or a list of names, but is ${shown}`;
  throw new MissionError('expression_error', message, undefined, { retryable: false });
}

const refused = ({ name }: ApproveStep, code: string, why: string, data: Json) =>
  new MissionError(code, `${name} was not approved: ${why}`, data, { retryable: false });
