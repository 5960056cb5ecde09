import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { EXECUTION_STATUSES, type ExecutionStatus } from '../../../contracts/execution.js';
import type { Json } from '../../../contracts/json/json.js';
import type { ExecutionRow } from '../../../platform/database/entities/runs/execution.row.js';
import { connectionOf } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';
import { ExecutionError, toExecutionError } from './execution-error.type.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const ExecutionStatusEnum = enumOf('ExecutionStatus', EXECUTION_STATUSES);

/** One run of a directive. */
@ObjectType({ description: 'One run of a directive.' })
export class Execution {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  directiveName: string;

  @Field(() => String)
  directiveVersion: string;

  @Field(() => String)
  planHash: string;

  @Field(() => ExecutionStatusEnum)
  status: ExecutionStatus;

  @Field(() => String)
  triggeredBy: string;

  @Field(() => String)
  actor: string;

  @Field(() => GraphQLJson, { nullable: true })
  inputs: Json;

  @Field(() => GraphQLJson, { nullable: true })
  result: Json;

  @Field(() => ExecutionError, { nullable: true })
  error: ExecutionError | null;

  @Field(() => GraphQLDateTime)
  createdAt: Date;

  @Field(() => GraphQLDateTime, { nullable: true })
  startedAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  completedAt: Date | null;

  @Field(() => Float, { nullable: true })
  durationMs: number | null;

  @Field(() => ID, { nullable: true })
  parentId: string | null;

  @Field(() => ID, { nullable: true })
  rootId: string | null;

  @Field(() => ID, { nullable: true })
  rerunOf: string | null;

  @Field(() => GraphQLJson, {
    nullable: true,
    description: 'Where a re-run begins: {step, iteration}; null = at its beginning.',
  })
  rerunFrom: Json;

  @Field(() => ID, {
    nullable: true,
    description: 'The run whose recorded results answer this one: it does nothing outside.',
  })
  shadowOf: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The key of `concurrency` among whose runs this one waits for a place.',
  })
  waitsFor: string | null;

  @Field(() => GraphQLJson, {
    nullable: true,
    description:
      'What it used of its limits, its child runs included: {steps, iterations, spawns, tokens, cost_usd}; null while it runs.',
  })
  spent: Json;

  @Field(() => Boolean, { description: 'Somebody asked for the end of this run.' })
  cancelRequested: boolean;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When it is ended hard, unless it ends before; null while nobody asked for its end.',
  })
  cancelDueAt: Date | null;

  @Field(() => Boolean, { description: 'It did not end in time and was cut off.' })
  endedHard: boolean;

  /** The id of the Temporal workflow; not a field of the API. */
  workflowId: string;

  /** The id of the Temporal run; not a field of the API. */
  workflowRunId: string | null;
}

export const ExecutionConnection = connectionOf(Execution, 'Execution');

/** Converts a row to the API's type. */
export const toExecution = (row: ExecutionRow): Execution => ({
  id: row.id,
  directiveName: row.directive_name,
  directiveVersion: row.directive_version,
  planHash: row.plan_hash,
  status: row.status,
  triggeredBy: row.triggered_by,
  actor: row.actor,
  inputs: row.inputs,
  result: row.result,
  error: toExecutionError(row.error),
  createdAt: row.created_at,
  startedAt: row.started_at,
  completedAt: row.completed_at,
  durationMs: row.duration_ms,
  parentId: row.parent_id,
  rootId: row.root_id,
  rerunOf: row.rerun_of,
  rerunFrom: row.rerun_from,
  shadowOf: row.shadow_of,
  waitsFor: row.completed_at === null && !row.slot_held ? row.slot_key : null,
  spent: row.spent as unknown as Json,
  cancelRequested: row.cancel_requested,
  cancelDueAt: row.cancel_due_at,
  endedHard: row.ended_hard,
  workflowId: row.workflow_id ?? row.id,
  workflowRunId: row.workflow_run_id,
});
