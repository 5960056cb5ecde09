import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Json } from '../../../contracts/json/json.js';
import type { AlertRow } from '../../../platform/database/entities/observation/alert.row.js';
import { connectionOf } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const AlertStatusEnum = enumOf<AlertRow['status']>('AlertStatus', ['open', 'resolved']);
export const AlertSeverityEnum = enumOf<AlertRow['severity']>('AlertSeverity', [
  'info',
  'warning',
  'critical',
]);

/** An alert for people. */
@ObjectType({ description: 'A condition that needs the attention of a person.' })
export class Alert {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  kind: string;

  @Field(() => AlertSeverityEnum)
  severity: AlertRow['severity'];

  @Field(() => String)
  message: string;

  @Field(() => String, { description: 'The thing that the alert is about, such as mcp:NAME.' })
  subject: string;

  @Field(() => GraphQLJson, { nullable: true })
  data: Json;

  @Field(() => ID, { nullable: true })
  executionId: string | null;

  @Field(() => AlertStatusEnum)
  status: AlertRow['status'];

  @Field(() => GraphQLDateTime)
  createdAt: Date;
}

export const AlertConnection = connectionOf(Alert, 'Alert');

/** Converts a row to the API's type. */
export const toAlert = (row: AlertRow): Alert => ({
  id: row.id,
  kind: row.kind,
  severity: row.severity,
  message: row.message,
  subject: row.subject,
  data: row.data,
  executionId: row.run_id,
  status: row.status,
  createdAt: row.created_at,
});
