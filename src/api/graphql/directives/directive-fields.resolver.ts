import { Inject } from '@nestjs/common';
import { Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Plan } from '../../../contracts/plan.js';
import { DirectiveRegistry } from '../../../kernel/directive-registry.js';
import { PlanImpacts } from '../../../kernel/plan-impacts.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Directive } from './directive.type.js';
import { PlanEstimate, toPlanEstimate } from './plan-estimate.type.js';
import { PlanImpact } from './plan-impact.type.js';

/** The fields of a directive that are computed only when a client selects them. */
@Resolver(() => Directive)
export class DirectiveFieldsResolver {
  constructor(
    @Inject(DirectiveRegistry) private readonly shelf: DirectiveRegistry,
    @Inject(PlanImpacts) private readonly impacts: PlanImpacts,
  ) {}

  @ResolveField(() => PlanEstimate, { nullable: true })
  async estimate(@Parent() { plan }: Directive): Promise<PlanEstimate | null> {
    return plan ? toPlanEstimate(await this.shelf.estimate(plan as Plan)) : null;
  }

  @ResolveField(() => [PlanImpact], { description: 'The effects of the current version on runs in progress and on other directives.' })
  async impact(@Parent() { plan }: Directive): Promise<PlanImpact[]> {
    return plan ? this.impacts.of(plan as Plan) : [];
  }

  @Requires('read:directives')
  @Query(() => [PlanImpact], {
    description: 'Scripts, MCP servers, models and directives that runs in progress refer to but that no longer exist.',
  })
  orphans(): Promise<PlanImpact[]> {
    return this.impacts.orphans();
  }
}
