import { Field, ObjectType } from '@nestjs/graphql';
import type { StepError } from '../../../contracts/errors.js';
import type { Json } from '../../../contracts/json/json.js';
import { GraphQLJson } from '../schema/json.scalar.js';

/** The error of a run or a step. */
@ObjectType()
export class ExecutionError {
  @Field(() => String)
  code: string;

  @Field(() => String)
  message: string;

  @Field(() => String, { nullable: true, description: 'Name of the step that failed.' })
  step: string | null;

  @Field(() => GraphQLJson, { nullable: true })
  data: Json;
}

/** Converts an error to the API's type; null stays null. */
export const toExecutionError = (error: StepError | null): ExecutionError | null =>
  error && {
    code: error.code,
    message: error.message,
    step: error.step ?? null,
    data: error.data ?? null,
  };
