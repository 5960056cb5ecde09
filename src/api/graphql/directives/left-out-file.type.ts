import { Field, ObjectType } from '@nestjs/graphql';

/** A file of the library that was left out. */
@ObjectType({ description: 'A file of a directive or script that was left out.' })
export class LeftOutFile {
  @Field(() => String, { description: 'Path on the server.' })
  file: string;

  @Field(() => String, {
    nullable: true,
    description: 'The directive’s name, as far as it could be read.',
  })
  name?: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True where nothing is wrong: the project’s directive goes before the user’s.',
  })
  shadowed?: true;

  @Field(() => String, { description: 'Why, and what to do about it.' })
  message: string;
}
