import { Field, ObjectType } from '@nestjs/graphql';
import type { StoredVersion } from '../../../observation/readers/plan.reader.js';
import { planHash } from '../../../language/plan/plan-hash.js';
import type { CheckedDirective } from '../../../kernel/directive-registry.js';
import { notAvailable } from '../../../kernel/not-available.js';
import { connectionOf } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { Diagnostic } from './diagnostic.type.js';
import { GraphQLJson } from '../schema/json.scalar.js';

/** A version that was run. */
@ObjectType({ description: 'A version that was run; it can be shown and run again.' })
export class DirectiveVersion {
  @Field(() => String)
  version: string;

  @Field(() => String)
  planHash: string;

  @Field(() => GraphQLDateTime)
  createdAt: Date;
}

/** A directive. */
@ObjectType({
  description: 'A directive; what depends on its plan is null while its text has errors.',
})
export class Directive {
  @Field(() => String)
  name: string;

  @Field(() => String, { nullable: true })
  version: string | null;

  @Field(() => String, { description: 'project, user, system, or history.' })
  source: string;

  @Field(() => String, { nullable: true })
  description: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Path on the server; null for a version of the history.',
  })
  file: string | null;

  @Field(() => Boolean)
  valid: boolean;

  @Field(() => Boolean, {
    description:
      'False while it names a system script that is not there yet: its runs are refused.',
  })
  available: boolean;

  @Field(() => String, { description: 'The text as it was written.' })
  text: string;

  @Field(() => GraphQLJson, { nullable: true })
  inputs: unknown;

  @Field(() => [String], { nullable: true, description: 'Null = the rights of whoever starts it.' })
  permissions: string[] | null;

  @Field(() => [Diagnostic])
  diagnostics: Diagnostic[];

  @Field(() => GraphQLJson, { nullable: true })
  plan: unknown;

  @Field(() => String, { nullable: true })
  planHash: string | null;
}

export const DirectiveConnection = connectionOf(Directive, 'Directive');

/** Converts a checked directive to the API's type. */
export const toDirective = ({ plan, ...checked }: CheckedDirective): Directive => ({
  ...checked,
  version: plan?.directive_version ?? null,
  description: plan?.description ?? null,
  file: checked.file ?? null,
  valid: plan !== undefined,
  available: !notAvailable(checked.diagnostics),
  inputs: plan?.inputs ?? null,
  permissions: plan?.permissions ?? null,
  plan: plan ?? null,
  planHash: plan ? planHash(plan) : null,
});

/** Converts a stored version to the API's type. */
export const toDirectiveVersion = (stored: StoredVersion): DirectiveVersion => ({
  version: stored.directive_version,
  planHash: stored.hash,
  createdAt: stored.created_at,
});
