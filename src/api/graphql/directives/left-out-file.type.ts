import { Field, ObjectType } from '@nestjs/graphql';

/** A file of the library that was left out. */
@ObjectType({ description: 'A file of a directive or script that is not used.' })
export class LeftOutFile {
  @Field(() => String, { description: 'Path on the server.' })
  file: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the directive; null if the name cannot be read.',
  })
  name?: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True if the file is valid but a directive of the project has the same name and takes precedence over this one of the user.',
  })
  shadowed?: true;

  @Field(() => String, { description: 'The reason, and how to correct it.' })
  message: string;
}
