import { Field, ObjectType } from '@nestjs/graphql';
import { planHash } from '../../../language/plan/plan-hash.js';
import type { CheckedDirective } from '../../../kernel/directive-registry.js';
import { Diagnostic } from './diagnostic.type.js';
import { GraphQLJson } from '../schema/json.scalar.js';

/** The result of validating the text of a directive. */
@ObjectType()
export class ValidationResult {
  @Field(() => Boolean)
  valid: boolean;

  @Field(() => [Diagnostic])
  diagnostics: Diagnostic[];

  @Field(() => GraphQLJson, { nullable: true })
  plan: unknown;

  @Field(() => String, { nullable: true })
  planHash: string | null;
}

/** Converts the result of a compilation to the API's type. */
export const toValidationResult = ({
  diagnostics,
  plan,
}: Pick<CheckedDirective, 'diagnostics' | 'plan'>): ValidationResult => ({
  valid: plan !== undefined,
  diagnostics,
  plan: plan ?? null,
  planHash: plan ? planHash(plan) : null,
});
