import { Field, Float, ObjectType } from '@nestjs/graphql';
import type { KnowledgeEntry } from '../../../verbs/knowledge/entry.js';
import { connectionOf } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';

/** A note: a file of the project or the user, or an entry of the database. */
@ObjectType({
  description: 'A note: a file of the project or the user, or an entry of the database.',
})
export class Knowledge {
  @Field(() => String)
  id: string;

  @Field(() => String)
  title: string;

  @Field(() => String, { description: 'Empty = none.' })
  category: string;

  @Field(() => String, { description: 'Markdown, without front matter.' })
  content: string;

  @Field(() => String, { description: 'project, user or system; system = the database.' })
  source: string;

  @Field(() => String, { nullable: true, description: 'Path on the server.' })
  file: string | null;

  @Field(() => Float, { nullable: true, description: 'From 0 to 1; null for a file.' })
  confidence: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The directive, run or person that wrote it; null for a file.',
  })
  learnedFrom: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  createdAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  updatedAt: Date | null;
}

@ObjectType()
export class KnowledgeConnection extends connectionOf(Knowledge, 'Knowledge') {}

export const toKnowledge = (entry: KnowledgeEntry): Knowledge => ({
  id: entry.id,
  title: entry.title,
  category: entry.category,
  content: entry.text,
  source: entry.source,
  file: entry.file ?? null,
  confidence: entry.learned?.confidence ?? null,
  learnedFrom: entry.learned?.source ?? null,
  createdAt: entry.learned?.createdAt ?? null,
  updatedAt: entry.learned?.updatedAt ?? null,
});
