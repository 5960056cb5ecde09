import { ArgsType, Field, ID } from '@nestjs/graphql';
import type { RequestKind } from '../../../contracts/run/approval.js';
import { RequestKindEnum } from './approval.type.js';

/** Which approvals and requests are wanted. */
@ArgsType()
export class ApprovalArgs {
  @Field(() => String, { nullable: true })
  status?: string | null;

  @Field(() => RequestKindEnum, { nullable: true })
  kind?: RequestKind | null;

  @Field(() => ID, { nullable: true })
  executionId?: string | null;

  @Field(() => String, { nullable: true })
  idPrefix?: string | null;
}
