import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { SecretEntry } from '../../../access/secrets/secret-service.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';

export const SecretSourceEnum = enumOf<SecretEntry['source']>('SecretSource', [
  'store',
  'file',
  'environment',
]);

/** A secret without its value, which no answer ever holds. */
@ObjectType({ description: 'A secret. The API never returns its value.' })
export class Secret {
  @Field(() => String)
  name: string;

  @Field(() => SecretSourceEnum, {
    description: 'The source from which this server reads the secret.',
  })
  source: SecretEntry['source'];

  @Field(() => String, {
    nullable: true,
    description: 'ID of the key that encrypts the secret in the database.',
  })
  keyId: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  updatedAt: Date | null;

  @Field(() => String, { nullable: true })
  updatedBy: string | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Time of the last use, accurate to 10 seconds.',
  })
  usedAt: Date | null;
}

/** The outcome of a rotation of the secrets' key. */
@ObjectType({ description: 'The outcome of a key rotation.' })
export class SecretRotation {
  @Field(() => String, { description: 'ID of the new key.' })
  keyId: string;

  @Field(() => Int, { description: 'Number of secrets that were re-encrypted.' })
  count: number;
}
