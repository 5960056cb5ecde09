import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { KeyStore } from '../../../access/key-store.js';
import type { Principal } from '../../../access/principal.js';
import { may } from '../../../access/rights.js';
import type { Json } from '../../../contracts/json/json.js';
import { APPROVAL_STATUSES } from '../../../contracts/run/approval.js';
import { MissionError } from '../../../contracts/errors.js';
import { ApprovalService } from '../../../kernel/approval-service.js';
import { ApprovalReader } from '../../../observation/readers/approval.reader.js';
import { BlobReader } from '../../../observation/readers/blob.reader.js';
import { objectOf } from '../../shared/object-of.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Caller } from '../schema/actor.decorator.js';
import { ApprovalArgs } from './approval.args.js';
import { Approval, ApprovalConnection, toApproval } from './approval.type.js';
import { Approver } from './approver.type.js';
import { DecisionArgs } from './decision.args.js';
import { toConnection } from '../schema/connection-of.js';
import { GraphQLJson } from '../schema/json.scalar.js';
import { PageArgs } from '../schema/page.args.js';

/** Reads and decides approvals. */
@Resolver(() => Approval)
export class ApprovalsResolver {
  constructor(
    @Inject(ApprovalReader) private readonly approvals: ApprovalReader,
    @Inject(ApprovalService) private readonly desk: ApprovalService,
    @Inject(KeyStore) private readonly keys: KeyStore,
    @Inject(BlobReader) private readonly blobs: BlobReader,
  ) {}

  @Requires('read:approvals')
  @Query(() => ApprovalConnection, { name: 'approvals', description: 'Newest first.' })
  async list(
    @Args() page: PageArgs,
    @Args() { status, kind, executionId, idPrefix }: ApprovalArgs,
  ) {
    const query = { status: statusOf(status), kind, executionId, idPrefix };
    const rows = await this.approvals.page(query, page);
    return toConnection(rows, toApproval, !!page.after);
  }

  @Requires('read:approvals')
  @Query(() => [Approver], {
    name: 'approvers',
    description: 'The holders of API keys that have the right to decide approvals.',
  })
  async approvers(@Caller() caller: Principal): Promise<Approver[]> {
    const holders = (await this.keys.holders()).filter(({ role, rights }) =>
      may({ role, rights }, 'write:approvals'),
    );
    const people = new Map(holders.map((each) => [`${each.actor} ${each.role}`, each]));
    return [...people.values()].map((each) => ({ ...each, you: each.actor === caller.actor }));
  }

  @Requires('write:approvals')
  @Mutation(() => Approval, {
    name: 'resolveApproval',
    description:
      'Approves or denies a request. The actor who started the run can always deny it, but can approve it only if the step has self_approval.',
  })
  async resolve(@Args() args: DecisionArgs, @Caller() { actor, role }: Principal) {
    const { id, decision, comment, form, hash } = args;
    const filled = form === null || form === undefined ? null : objectOf(form, 'form');
    const vote = { id, decision, comment, form: filled, hash, actor, role };
    return toApproval(await this.desk.resolve(vote));
  }

  @Requires('write:approvals')
  @Mutation(() => Approval, {
    name: 'answerRequest',
    description:
      'Answers a request for help. Whoever asked, a model or a client, reads the answer; a run that waits for it goes on.',
  })
  async answer(
    @Args('id', { type: () => ID }) id: string,
    @Args('text', { type: () => String }) text: string,
    @Caller() { actor }: Principal,
  ) {
    return toApproval(await this.desk.answer({ id, text, actor }));
  }

  @ResolveField(() => GraphQLJson, { nullable: true })
  shows(@Parent() { shows }: Approval): Promise<Json> {
    return this.blobs.resolve(shows);
  }
}

function statusOf(status: string | null | undefined) {
  if (status === null || status === undefined) return null;
  const known = APPROVAL_STATUSES.find((each) => each === status.toLowerCase());
  if (known) return known;
  const text = `status is ${JSON.stringify(status).slice(0, 50)}; it must be one of ${APPROVAL_STATUSES.join(', ')}`;
  throw new MissionError('input_invalid', text);
}
