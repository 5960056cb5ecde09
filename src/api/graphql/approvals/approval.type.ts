import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Decision, RequestKind, Vote } from '../../../contracts/run/approval.js';
import type { Json } from '../../../contracts/json/json.js';
import type { ApprovalRow } from '../../../platform/database/entities/runs/approval.row.js';
import { DECISIONS, REQUEST_KINDS } from '../../../contracts/run/approval.js';
import { connectionOf } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const DecisionEnum = enumOf<Decision>('Decision', DECISIONS);

export const RequestKindEnum = enumOf<RequestKind>('RequestKind', REQUEST_KINDS);

/** What people are asked: an approval of a run, or help. */
@ObjectType({
  description:
    'A request to people. An approval: a step of a run waits for people to approve or deny it. Others ask for help, and are answered with a text.',
})
export class Approval {
  @Field(() => ID)
  id: string;

  @Field(() => RequestKindEnum)
  kind: RequestKind;

  @Field(() => ID, {
    nullable: true,
    description: 'The run that asks; null for a client that asks for help by itself.',
  })
  executionId: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who asks for help by the verb help; null = the run itself.',
  })
  askedBy: string | null;

  @Field(() => String)
  step: string;

  @Field(() => String)
  path: string;

  @Field(() => String, {
    description:
      'Indices of the loops around the step, outermost first, joined by dots; empty outside loops.',
  })
  iteration: string;

  @Field(() => String, {
    description: 'The question: the description of the step, or why help is needed.',
  })
  description: string;

  @Field(() => GraphQLJson, {
    description:
      'The actors and roles that may decide; an empty list means everybody who has the right to decide.',
  })
  who: Json;

  @Field(() => Int)
  quorum: number;

  @Field(() => String, {
    description: 'pending, approved, denied, answered, expired or cancelled.',
  })
  status: string;

  @Field(() => DecisionEnum, { nullable: true })
  decision: Decision | null;

  @Field(() => GraphQLJson, {
    nullable: true,
    description: 'The fields that the approver fills in, declared like the inputs of a directive.',
  })
  form: Json;

  @Field(() => GraphQLJson, {
    nullable: true,
    description: 'The values of the form that the approver filled in.',
  })
  answers: Json;

  @Field(() => GraphQLJson, {
    nullable: true,
    description:
      'Of an approval: the steps that it guards, with their targets and arguments. What is not known yet stands between ‹ and ›. Of a request for help: what was tried, and what there is to choose from.',
  })
  shows: Json;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of what is asked. Send it with the decision, which then holds for nothing else.',
  })
  hash: string | null;

  @Field(() => GraphQLJson, {
    description: 'The decisions made so far, each with the actor who made it.',
  })
  votes: Vote[];

  @Field(() => GraphQLDateTime)
  requestedAt: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Null = it stays open until it is answered.',
  })
  expiresAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  decidedAt: Date | null;

  @Field(() => String, { nullable: true })
  decidedBy: string | null;

  @Field(() => String, { nullable: true })
  comment: string | null;

  @Field(() => String, { nullable: true, description: 'The answer to a request for help.' })
  answer: string | null;
}

export const ApprovalConnection = connectionOf(Approval, 'Approval');

/** Converts a row to the API's type. */
export const toApproval = (row: ApprovalRow): Approval => ({
  id: row.id,
  kind: row.kind,
  executionId: row.run_id,
  askedBy: row.asked_by,
  step: row.step,
  path: row.path,
  iteration: row.iteration,
  description: row.description,
  who: row.who,
  quorum: row.quorum,
  status: row.status,
  decision: row.decision,
  form: row.form as unknown as Json,
  answers: row.answers,
  shows: row.shows,
  hash: row.hash,
  votes: row.votes,
  requestedAt: row.requested_at,
  expiresAt: row.expires_at,
  decidedAt: row.decided_at,
  decidedBy: row.decided_by,
  comment: row.comment,
  answer: row.status === 'answered' ? row.comment : null,
});
