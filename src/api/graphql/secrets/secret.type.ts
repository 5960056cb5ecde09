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
@ObjectType({ description: 'A secret without its value, which no answer ever holds.' })
export class Secret {
  @Field(() => String)
  name: string;

  @Field(() => SecretSourceEnum, { description: 'Where it comes from, as this process sees it.' })
  source: SecretEntry['source'];

  @Field(() => String, { nullable: true, description: 'The key that encrypts it in the store.' })
  keyId: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  updatedAt: Date | null;

  @Field(() => String, { nullable: true })
  updatedBy: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Last use, to within 10 seconds.' })
  usedAt: Date | null;
}

/** The outcome of a rotation of the secrets' key. */
@ObjectType({ description: 'What a rotation has done.' })
export class SecretRotation {
  @Field(() => String, { description: 'The key that encrypts every secret now.' })
  keyId: string;

  @Field(() => Int, { description: 'How many secrets were encrypted anew.' })
  count: number;
}
