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
    description:
      'The point at which a re-run starts: {step, iteration}; null means at the first step.',
  })
  rerunFrom: Json;

  @Field(() => ID, {
    nullable: true,
    description:
      'For a shadow run: the recorded run whose results it uses. A shadow run has no external effects.',
  })
  shadowOf: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The `concurrency` key for which this run is queued; null if it is not queued.',
  })
  waitsFor: string | null;

  @Field(() => GraphQLJson, {
    nullable: true,
    description:
      'How much of its limits the run used, child runs included: {steps, iterations, spawns, tokens, cost_usd}; null until the run ends.',
  })
  spent: Json;

  @Field(() => Boolean, { description: 'True if cancellation of this run was requested.' })
  cancelRequested: boolean;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When the run is terminated if it has not ended by then; null unless cancellation was requested.',
  })
  cancelDueAt: Date | null;

  @Field(() => Boolean, {
    description: 'True if the run did not end in time after cancellation and was terminated.',
  })
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
