import type { DataSource, EntityManager } from 'typeorm';
import { PermissionLog } from '../access/permissions/permission-log.js';
import type { KeyStore } from '../access/key-store.js';
import { plainText } from '../platform/database/sql/plain-text.js';
import { audited } from '../platform/database/sql/audited.js';
import { query } from '../platform/database/sql/query.js';
import { sql, type Sql } from '../platform/database/sql/sql.js';
import type { Approver } from '../contracts/approver.js';
import type { Decision, Vote } from '../contracts/run/approval.js';
import { CHANNELS } from '../contracts/engine.js';
import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { PermissionCheck } from '../contracts/run/permission-check.js';
import { approversOf } from '../language/plan/steps/approvers.js';
import { checkInputs } from '../language/inputs/check-inputs.js';
import type { ApprovalRow } from '../platform/database/entities/runs/approval.row.js';
import { answerOf } from '../runs/approval-answer.js';

/** One person's vote on an approval. Actor and role come from the verified key, never from the request. */
export interface ApprovalVote {
  id: string;
  decision: Decision;
  comment?: string | null;
  form?: JsonObject | null;
  /** The hash of what was shown to the person: a vote on something else is refused. Absent = it is not compared. */
  hash?: string | null;
  actor: string;
  role: string;
}

/** A person's answer to a request for help. */
export interface HelpAnswer {
  id: string;
  text: string;
  actor: string;
}

type Question = ApprovalRow & { started_by: string | null };

const FIND = `SELECT a.*, e.actor AS started_by FROM approvals a LEFT JOIN directive_executions e ON e.id = a.run_id
  WHERE a.id = $1 FOR UPDATE OF a`;

const VOTE = 'UPDATE approvals SET votes = $2 WHERE id = $1';

const DECIDE = `UPDATE approvals SET votes = $2, status = $3, decision = $3, decided_by = $4, comment = $5,
  answers = $6, decided_at = now() WHERE id = $1`;

const ANSWER = `UPDATE approvals SET status = 'answered', decided_by = $2, comment = $3, decided_at = now() WHERE id = $1`;

const MAX_ANSWER = 20_000;

const TELL = `WITH sent AS (INSERT INTO run_messages (run_id, kind, name, payload, actor)
    VALUES ($1, 'decision', $2, $3, $4) RETURNING run_id),
  box AS (INSERT INTO outbox (kind, run_id) SELECT 'messages', run_id FROM sent)
  SELECT pg_notify('${CHANNELS.outbox}', '')`;

const auditOf = ({ actor, decision, id }: ApprovalVote, data: JsonObject): Sql =>
  audited({
    actor: sql`${actor}::text`,
    action: sql`${`approval.${decision}`}::text`,
    target: sql`${`approval:${id}`}::text`,
    data: sql`${JSON.stringify(data)}`,
  });

/** Records what people answer: votes on the approvals that runs ask for, and answers to requests for help. */
export class ApprovalService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: Pick<KeyStore, 'holders'>,
  ) {}

  /**
   * Records a vote. One denial decides, and so does the last approval of the quorum.
   * @throws MissionError `not_found`, `conflict` (decided, expired or voted already), `permission_denied`, `input_invalid`
   */
  async resolve(answer: ApprovalVote): Promise<ApprovalRow> {
    const people = await this.keys.holders();
    try {
      return await this.dataSource.transaction((tx) => record(tx, answer, people));
    } catch (thrown) {
      if (thrown instanceof MissionError && thrown.code === 'permission_denied')
        await this.noteRefusal(answer, thrown.message);
      throw thrown;
    }
  }

  /**
   * Answers a request for help, once. A run that waits for the answer is told it.
   * @throws MissionError `not_found`, `conflict` (answered, expired or cancelled), `input_invalid`
   */
  async answer({ id, text: given, actor }: HelpAnswer): Promise<ApprovalRow> {
    const text = answerText(given);
    return this.dataSource.transaction(async (tx) => {
      const question = await find(tx, id);
      if (question.kind === 'approval') throw wrongKind(question);
      refuseClosed(question);
      const { kind, run_id: execution } = question;
      await query(tx, auditOfAnswer(id, actor, { kind, execution, text }));
      await tx.query(ANSWER, [id, actor, text]);
      const answered = { ...question, status: 'answered' as const };
      await tell(tx, { ...answered, decided_by: actor, comment: text }, actor);
      return find(tx, id);
    });
  }

  /** Records who was not let decide. The refusal holds even if it cannot be recorded. */
  private async noteRefusal(answer: ApprovalVote, reason: string): Promise<void> {
    const { dataSource } = this;
    const work = dataSource.query<Question[]>('SELECT * FROM approvals WHERE id = $1', [answer.id]);
    await work
      .then(([question]) =>
        new PermissionLog(dataSource).write(checkOf(question!, answer, { allowed: false, reason })),
      )
      .catch(() => {});
  }
}

async function record(
  tx: EntityManager,
  answer: ApprovalVote,
  people: readonly Approver[],
): Promise<ApprovalRow> {
  const question = await find(tx, answer.id);
  if (question.kind !== 'approval') throw wrongKind(question);
  refuse(question, answer, people);
  const form = formOf(question, answer);
  const vote = voteOf(answer, form);
  const votes = [...question.votes, vote];
  const { run_id: execution, hash } = question;
  const audit = { execution, comment: vote.comment, ...(hash !== null && { hash }) };
  await query(tx, auditOf(answer, audit));
  const reason = `${answer.actor} ${answer.decision} it. ${whyAsked(question, answer)}`;
  await new PermissionLog(tx).write(checkOf(question, answer, { allowed: true, reason }));
  if (answer.decision === 'denied' || votes.length >= question.quorum) {
    await decide(tx, question, votes);
  } else await tx.query(VOTE, [answer.id, JSON.stringify(votes)]);
  return find(tx, answer.id);
}

const checkOf = (
  { run_id, path, iteration, step }: Question,
  { actor }: ApprovalVote,
  decided: Pick<PermissionCheck, 'allowed' | 'reason'>,
): PermissionCheck => ({
  ...{ run_id, step_path: path, iteration, actor },
  ...{ action: 'approval', target: step, permission: 'write:approvals' },
  ...decided,
});

function whyAsked({ who, started_by }: Question, { actor, role }: ApprovalVote): string {
  if (who.includes(actor)) return `${actor} is asked by name.`;
  if (who.includes(role)) return `The role ${role} is asked.`;
  if (who.length > 0 && actor === started_by) return 'Whoever started the run may deny it.';
  return 'Everybody who has the right to decide is asked.';
}

const auditOfAnswer = (id: string, actor: string, data: JsonObject): Sql =>
  audited({
    actor: sql`${actor}::text`,
    action: sql`${'request.answered'}::text`,
    target: sql`${`approval:${id}`}::text`,
    data: sql`${JSON.stringify(data)}`,
  });

function answerText(given: string): string {
  const text = plainText(given).trim();
  if (text !== '' && text.length <= MAX_ANSWER) return text;
  const problem = text === '' ? 'it is empty' : `it has more than ${MAX_ANSWER} characters`;
  throw new MissionError('input_invalid', `The answer cannot be sent: ${problem}.`);
}

function wrongKind({ id, kind }: Question): MissionError {
  const short = id.slice(0, 8);
  const text =
    kind === 'approval'
      ? `${short} asks for an approval: decide it with mission approvals approve|deny ${short}.`
      : `${short} asks for help and not for an approval: answer it with mission approvals answer ${short} "TEXT".`;
  return new MissionError('input_invalid', text);
}

async function find(tx: EntityManager, id: string): Promise<Question> {
  const known = /^[0-9a-f-]{36}$/i.test(id) ? await tx.query<Question[]>(FIND, [id]) : [];
  if (known[0]) return known[0];
  throw new MissionError('not_found', `There is no approval ${id}, and no request.`);
}

/** Throws unless the actor may vote now. The starter of the run may always deny, even if the approval asks others. */
function refuse(question: Question, answer: ApprovalVote, people: readonly Approver[]): void {
  const { started_by, votes } = question;
  const { actor, decision } = answer;
  refuseClosed(question);
  refuseChanged(question, answer);
  if (actor !== started_by || decision !== 'denied') refuseOther(question, answer, people);
  if (votes.some((vote) => vote.actor === actor)) {
    throw new MissionError('conflict', `${actor} has already decided.`);
  }
}

function refuseClosed({ kind, status, expires_at }: Question): void {
  const what = kind === 'approval' ? 'The approval' : 'The request';
  if (status !== 'pending') throw new MissionError('conflict', `${what} is closed: ${status}.`);
  if (expires_at !== null && expires_at.getTime() <= Date.now()) {
    throw new MissionError('conflict', `${what} expired at ${expires_at.toISOString()}.`);
  }
}

/** What was approved is what runs: a vote counts only for what the person has seen. */
function refuseChanged({ id, step, hash }: Question, { hash: seen }: ApprovalVote): void {
  if (seen == null || hash === null || seen === hash) return;
  const text = `What "${step}" asks has changed since it was looked at. Look at it again with mission approvals show ${id}, and decide then.`;
  throw new MissionError('conflict', text, { hash });
}

function refuseOther(
  question: Question,
  { actor, role }: ApprovalVote,
  people: readonly Approver[],
): void {
  const { step, who, self_approval } = question;
  const started_by = question.started_by!;
  const isAsked = who.length === 0 || who.includes(actor) || who.includes(role);
  const isOwn = actor === started_by;
  if (isAsked && (!isOwn || self_approval)) return;
  const others = approversOf(who, self_approval, people, started_by);
  const text = [
    isAsked
      ? `${actor} started the run and so can deny "${step}", but not approve it.`
      : `${actor} is not an approver of "${step}"; ${who.join(', ')} can decide.`,
    others.length > 0
      ? `These holders of an API key can approve it: ${others.join(', ')}.`
      : 'No other holder of an API key can approve it; make one with mission users add NAME --role operator and mission keys create NAME.',
    ...(isAsked
      ? [
          'To let the starter approve in later runs, write self_approval: true in the approve of the step.',
        ]
      : []),
  ].join(' ');
  throw new MissionError('permission_denied', text);
}

/** The checked form of an approval. A denial needs no form, so its form is not checked. */
function formOf({ form }: Question, { decision, form: given }: ApprovalVote): JsonObject {
  if (decision === 'denied') return given ?? {};
  const { inputs, problems } = checkInputs(form, given ?? {});
  if (problems.length === 0) return inputs;
  const list = problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message));
  throw new MissionError('input_invalid', `The form is invalid: ${list.join('; ')}`);
}

const voteOf = ({ actor, decision, comment }: ApprovalVote, form: JsonObject): Vote => ({
  actor,
  decision,
  comment: comment ?? null,
  form,
  at: new Date().toISOString(),
});

/** Writes the decision of the last vote, and sends it to the run. In the merged form a later vote overrides an earlier one. */
async function decide(tx: EntityManager, question: Question, votes: Vote[]): Promise<void> {
  const { id } = question;
  const { decision, comment, actor } = votes.at(-1)!;
  const by = votes.filter((vote) => vote.decision === decision).map((vote) => vote.actor);
  const answers = Object.assign({}, ...votes.map(({ form }) => form)) as JsonObject;
  const { hash } = question;
  const decided = { status: decision, decided_by: by.join(', '), comment, answers, hash };
  await tx.query(DECIDE, [
    id,
    JSON.stringify(votes),
    decision,
    decided.decided_by,
    comment,
    JSON.stringify(answers),
  ]);
  await tell(tx, { ...question, ...decided }, actor);
}

/** Sends an answer to the run that waits for it. Whoever asked by the verb `help` reads it in the row. */
async function tell(tx: EntityManager, row: Question, actor: string): Promise<void> {
  const { run_id, path, iteration, request_key } = row;
  if (run_id === null || request_key !== null) return;
  const answer = JSON.stringify(answerOf(row));
  await tx.query(TELL, [run_id, `${path}#${iteration}`, answer, actor]);
}
