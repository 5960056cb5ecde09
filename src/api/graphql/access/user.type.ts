import { Field, ObjectType } from '@nestjs/graphql';
import type { UserRow } from '../../../platform/database/entities/access/user.row.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';

@ObjectType({ description: 'A person or program that acts here.' })
export class User {
  @Field(() => String)
  name: string;

  @Field(() => String)
  role: string;

  @Field(() => GraphQLDateTime)
  createdAt: Date;

  @Field(() => String)
  createdBy: string;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Since then no key of the user is valid.',
  })
  disabledAt: Date | null;
}

@ObjectType({ description: 'A role with its rights.' })
export class Role {
  @Field(() => String)
  name: string;

  @Field(() => [String], { nullable: true, description: 'Null = everything.' })
  rights: readonly string[] | null;

  @Field(() => Boolean)
  builtIn: boolean;
}

export const toUser = (row: UserRow): User => ({
  name: row.name,
  role: row.role,
  createdAt: row.created_at,
  createdBy: row.created_by,
  disabledAt: row.disabled_at,
});
