import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Json } from '../../../contracts/json/json.js';
import type { PermissionCheckRow } from '../../../platform/database/entities/access/permission-check.row.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { GraphQLJson } from '../schema/json.scalar.js';

/** A decision about a right. */
@ObjectType({
  description: 'A decision about a right: who was allowed or refused what, by which link, and why.',
})
export class PermissionCheck {
  @Field(() => ID)
  id: string;

  @Field(() => GraphQLDateTime)
  at: Date;

  @Field(() => ID, {
    nullable: true,
    description: 'Null for what was refused before there was a run.',
  })
  executionId: string | null;

  @Field(() => String, { nullable: true })
  stepPath: string | null;

  @Field(() => String, { nullable: true })
  iteration: string | null;

  @Field(() => String)
  actor: string;

  @Field(() => String, { description: 'start, step, tool, approval or request.' })
  action: string;

  @Field(() => String, { description: 'What was to be used, such as directive:deploy.' })
  target: string;

  @Field(() => String, { nullable: true, description: 'The right that was needed.' })
  permission: string | null;

  @Field(() => Boolean)
  allowed: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The link that refused: speaker, parent or directive.',
  })
  refusedBy: string | null;

  @Field(() => GraphQLJson, {
    description: 'What each link said: the speaker, the directives above, the directive itself.',
  })
  chain: Json;

  @Field(() => String, { description: 'Why, and for a refusal what to do.' })
  reason: string;
}

/** Converts a row to the API's type. */
export const toPermissionCheck = (row: PermissionCheckRow): PermissionCheck => ({
  id: row.id,
  at: row.at,
  executionId: row.run_id,
  stepPath: row.step_path,
  iteration: row.iteration,
  actor: row.actor,
  action: row.action,
  target: row.target,
  permission: row.permission,
  allowed: row.allowed,
  refusedBy: row.refused_by,
  chain: row.chain as unknown as Json,
  reason: row.reason,
});
