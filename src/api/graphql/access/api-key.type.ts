import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { ApiKeyRow } from '../../../platform/database/entities/access/api-key.row.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';

@ObjectType({ description: 'An API key. Its value is shown once, when it is created.' })
export class ApiKey {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  name: string;

  @Field(() => String, { description: 'The user that requests with this key act as.' })
  user: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Rights that bound those of the user; null = all that the user may.',
  })
  rights: string[] | null;

  @Field(() => Boolean, { description: 'True if every write is refused.' })
  readOnly: boolean;

  @Field(() => GraphQLDateTime)
  createdAt: Date;

  @Field(() => String, { nullable: true })
  createdBy: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  expiresAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  revokedAt: Date | null;
}

@ObjectType({ description: 'A new API key.' })
export class CreatedApiKey {
  @Field(() => String, { description: 'The key itself. Keep it: it cannot be shown again.' })
  key: string;

  @Field(() => ApiKey)
  apiKey: ApiKey;
}

export const toApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  user: row.actor,
  rights: row.rights,
  readOnly: row.read_only,
  createdAt: row.created_at,
  createdBy: row.created_by,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
});
