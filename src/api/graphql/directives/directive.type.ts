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
@ObjectType({ description: 'A version of the directive that was run. It can be shown and run again.' })
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
  description: 'A directive. The fields that depend on its plan are null while its text has errors.',
})
export class Directive {
  @Field(() => String)
  name: string;

  @Field(() => String, { nullable: true })
  version: string | null;

  @Field(() => String, { description: 'Where the directive comes from: project, user, system or history.' })
  source: string;

  @Field(() => String, { nullable: true })
  description: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Path of the file on the server; null for an earlier version.',
  })
  file: string | null;

  @Field(() => Boolean)
  valid: boolean;

  @Field(() => Boolean, {
    description:
      'False if the directive uses a system script that is not implemented yet. Such a directive cannot be run.',
  })
  available: boolean;

  @Field(() => String, { description: 'The YAML text of the directive.' })
  text: string;

  @Field(() => GraphQLJson, { nullable: true })
  inputs: unknown;

  @Field(() => [String], { nullable: true, description: 'The permissions that the directive declares. Null means that a run has all rights of the actor who starts it.' })
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
