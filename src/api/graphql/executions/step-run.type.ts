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
@ObjectType({ description: 'How far a step is, as its script last said.' })
export class StepProgress {
  @Field(() => Float)
  done: number;

  @Field(() => Float, { nullable: true })
  total: number | null;

  @Field(() => String, { nullable: true })
  message: string | null;

  @Field(() => GraphQLDateTime, { description: 'When it said so, or gave another sign of life.' })
  at: Date;
}

/** A step of a run: its latest attempt. */
@ObjectType({ description: 'A step of a run, one per iteration: its latest attempt.' })
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
    description: 'Indices of the loops around it, outermost first, joined by dots.',
  })
  iteration: string | null;

  @Field(() => StepStatusEnum)
  status: StepStatus;

  @Field(() => Int)
  attempt: number;

  @Field(() => Boolean, { description: 'It ran inside a segment, not as an activity of its own.' })
  fused: boolean;

  @Field(() => ID, {
    nullable: true,
    description: 'The run that did this; null = this run itself.',
  })
  reusedFrom: string | null;

  @Field(() => ID, { nullable: true, description: 'Of a step that runs a directive: its run.' })
  childId: string | null;

  @Field(() => GraphQLJson, { nullable: true })
  inputs: Json;

  @Field(() => GraphQLJson, { nullable: true })
  result: Json;

  @Field(() => ExecutionError, { nullable: true })
  error: ExecutionError | null;

  @Field(() => StepProgress, {
    nullable: true,
    description: 'Null until its script says something of it, and for steps that end at once.',
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
