import { Field, ObjectType } from '@nestjs/graphql';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';

/** The operator's file as this server read it. */
@ObjectType({
  description: 'The operator’s file, mission.yaml, as the server read it at its start.',
})
export class Configuration {
  @Field(() => String, { description: 'Path on the server; there need not be a file.' })
  file: string;

  @Field(() => GraphQLDateTime)
  readAt: Date;

  @Field(() => Boolean, {
    description: 'It was changed since: the server works with what it read until it is restarted.',
  })
  stale: boolean;
}
