import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Plan } from '../../../contracts/plan.js';
import { DirectiveRegistry } from '../../../kernel/directive-registry.js';
import { PlanImpacts } from '../../../kernel/plan-impacts.js';
import { PlanEstimate, toPlanEstimate } from './plan-estimate.type.js';
import { PlanImpact } from './plan-impact.type.js';
import { ValidationResult } from './validation-result.type.js';

/** The fields of a validated text that are computed only when a client selects them. */
@Resolver(() => ValidationResult)
export class ValidationFieldsResolver {
  constructor(
    @Inject(DirectiveRegistry) private readonly shelf: DirectiveRegistry,
    @Inject(PlanImpacts) private readonly impacts: PlanImpacts,
  ) {}

  @ResolveField(() => PlanEstimate, { nullable: true })
  async estimate(@Parent() { plan }: ValidationResult): Promise<PlanEstimate | null> {
    return plan ? toPlanEstimate(await this.shelf.estimate(plan as Plan)) : null;
  }

  @ResolveField(() => [PlanImpact], {
    description: 'The effects that this version would have on runs in progress and on other directives.',
  })
  async impact(@Parent() { plan }: ValidationResult): Promise<PlanImpact[]> {
    return plan ? this.impacts.of(plan as Plan) : [];
  }
}
