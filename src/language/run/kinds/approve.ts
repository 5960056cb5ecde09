import type { ApprovalAnswer } from '../../../contracts/run/approval.js';
import { MissionError } from '../../../contracts/errors.js';
import { isObject, type Json } from '../../../contracts/json/json.js';
import { topicOf } from '../../../contracts/message.js';
import type { ApproveStep } from '../../../contracts/plan.js';
import type { DoneRecord } from '../../../contracts/run/records.js';
import type { StepAttempt } from '../state/step-attempt.js';
import type { Interpretation } from '../state/interpretation.js';
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
  { step, place, block, attempt }: StepAttempt<ApproveStep>,
): Promise<ApprovalAnswer> {
  const key = recordKey(place);
  let record = ctx.records.get(key);
  if (record?.status !== 'wait') {
    const who = peopleOf(await ctx.effects.render(step.who, block, place));
    const started_ms = ctx.effects.now();
    const until_ms = started_ms + step.expiry_seconds * 1000;
    await ctx.effects.waiting({ ...place, name: step.name, kind: step.kind, attempt, started_ms });
    const text = await ctx.effects.render(step.description ?? null, block, place);
    const question = { ...questionOf(step), who, description: await ctx.effects.text(text) };
    const decided = await ctx.effects.ask({ ...place, ...question, expires_ms: until_ms });
    if (decided) return decided;
    record = { status: 'wait', started_ms, until_ms, attempt };
    ctx.records.set(key, record);
  }
  const topic = topicOf({ kind: 'decision', name: key });
  const came = await ctx.effects.receive(topic, record.until_ms!, step.name);
  return came === undefined ? ctx.effects.expire(place) : (came as ApprovalAnswer);
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
