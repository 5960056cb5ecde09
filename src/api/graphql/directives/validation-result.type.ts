import { Field, ObjectType } from '@nestjs/graphql';
import { planHash } from '../../../language/plan/plan-hash.js';
import type { CheckedDirective } from '../../../kernel/directive-registry.js';
import { Diagnostic } from './diagnostic.type.js';
import { GraphQLJson } from '../schema/json.scalar.js';

/** What a directive's text would be. */
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

/** A compilation as clients see it. */
export const toValidationResult = ({
  diagnostics,
  plan,
}: Pick<CheckedDirective, 'diagnostics' | 'plan'>): ValidationResult => ({
  valid: plan !== undefined,
  diagnostics,
  plan: plan ?? null,
  planHash: plan ? planHash(plan) : null,
});
