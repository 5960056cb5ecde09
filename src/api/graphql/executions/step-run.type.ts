import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { STEP_STATUSES, type StepStatus } from '../../../contracts/execution.js';
import { isObject, type Json } from '../../../contracts/json/json.js';
import type { StepRow } from '../../../platform/database/entities/runs/step.row.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';
import { ExecutionError, toExecutionError } from './execution-error.type.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const StepStatusEnum = enumOf('StepStatus', STEP_STATUSES);

/** The progress that a step reported last. */
@ObjectType({ description: 'The progress that the script of a step last reported.' })
export class StepProgress {
  @Field(() => Float)
  done: number;

  @Field(() => Float, { nullable: true })
  total: number | null;

  @Field(() => String, { nullable: true })
  message: string | null;

  @Field(() => GraphQLDateTime, {
    description: 'Time of the last report, or of the last heartbeat.',
  })
  at: Date;
}

/** A step of a run: its latest attempt. */
@ObjectType({
  description: 'The latest attempt of a step. A step in a loop has one entry per iteration.',
})
export class StepRun {
  @Field(() => ID)
  executionId: string;

  @Field(() => String)
  path: string;

  @Field(() => String)
  name: string;

  @Field(() => String)
  kind: string;

  @Field(() => String, {
    nullable: true,
    description: 'Indices of the loops around the step, outermost first, joined by dots.',
  })
  iteration: string | null;

  @Field(() => StepStatusEnum)
  status: StepStatus;

  @Field(() => Int)
  attempt: number;

  @Field(() => Boolean, {
    description:
      'True if the step ran together with neighbouring steps in one Temporal activity, false if it had a separate activity.',
  })
  fused: boolean;

  @Field(() => ID, {
    nullable: true,
    description:
      'After a re-run: the earlier run whose result is reused; null if this run executed the step.',
  })
  reusedFrom: string | null;

  @Field(() => ID, { nullable: true, description: 'ID of the child run that the step started.' })
  childId: string | null;

  @Field(() => GraphQLJson, { nullable: true })
  inputs: Json;

  @Field(() => GraphQLJson, { nullable: true })
  result: Json;

  @Field(() => ExecutionError, { nullable: true })
  error: ExecutionError | null;

  @Field(() => StepProgress, {
    nullable: true,
    description: 'Null until the script reports progress, and for kinds of step that report none.',
  })
  progress: StepProgress | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  startedAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  completedAt: Date | null;

  @Field(() => Float, { nullable: true })
  durationMs: number | null;
}

const childOf = ({ kind, inputs }: StepRow): string | null =>
  kind === 'directive' && isObject(inputs) ? String(inputs.execution) : null;

/** Converts a row to the API's type. */
export const toStepRun = (row: StepRow): StepRun => ({
  executionId: row.run_id,
  path: row.path,
  name: row.name,
  kind: row.kind,
  iteration: row.iteration === '' ? null : row.iteration,
  status: row.status,
  attempt: row.attempt,
  fused: row.fused,
  reusedFrom: row.reused_from,
  childId: childOf(row),
  inputs: row.inputs,
  result: row.result,
  error: toExecutionError(row.error),
  progress: row.progress && { ...row.progress, at: new Date(row.progress.at) },
  startedAt: row.started_at,
  completedAt: row.completed_at,
  durationMs: row.duration_ms,
});
