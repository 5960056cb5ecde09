import { Field, ObjectType } from '@nestjs/graphql';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';

/** The operator's file as this server read it. */
@ObjectType({
  description: 'The configuration file, mission.yaml, as the server read it at start-up.',
})
export class Configuration {
  @Field(() => String, {
    description: 'Path of the configuration file on the server. The file may be absent.',
  })
  file: string;

  @Field(() => GraphQLDateTime)
  readAt: Date;

  @Field(() => Boolean, {
    description:
      'True if the file was changed after the server read it. The change takes effect when the server is restarted.',
  })
  stale: boolean;
}
