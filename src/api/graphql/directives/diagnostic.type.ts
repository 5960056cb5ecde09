import { Field, Int, ObjectType } from '@nestjs/graphql';

/** One finding about a directive's text. */
@ObjectType({
  description: 'One problem found in the text of a directive. Lines and columns count from 1.',
})
export class Diagnostic {
  @Field(() => String)
  code: string;

  @Field(() => String, { description: 'error, warning or info. Only errors make a directive invalid.' })
  severity: string;

  @Field(() => String)
  message: string;

  @Field(() => Int)
  line: number;

  @Field(() => Int)
  column: number;

  @Field(() => String, { nullable: true })
  hint?: string;
}
