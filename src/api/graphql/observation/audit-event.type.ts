import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Json } from '../../../contracts/json/json.js';
import type { AuditRow } from '../../../platform/database/entities/observation/audit.row.js';
import { connectionOf } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { GraphQLJson } from '../schema/json.scalar.js';

/** One row of the audit log. */
@ObjectType({ description: 'An entry of the audit trail: who did what to which object.' })
export class AuditEvent {
  @Field(() => ID)
  id: string;

  @Field(() => GraphQLDateTime)
  at: Date;

  @Field(() => String)
  actor: string;

  @Field(() => String, { description: 'The action, such as execution.start.' })
  action: string;

  @Field(() => String, { description: 'The object of the action, such as execution:ID.' })
  target: string;

  @Field(() => GraphQLJson, { nullable: true })
  data: Json;
}

export const AuditEventConnection = connectionOf(AuditEvent, 'AuditEvent');

/** Converts a row to the API's type. */
export const toAuditEvent = ({ id, at, actor, action, target, data }: AuditRow): AuditEvent => ({
  id,
  at,
  actor,
  action,
  target,
  data,
});
