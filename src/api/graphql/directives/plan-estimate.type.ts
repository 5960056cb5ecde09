import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import type { PlanEstimate as Estimate } from '../../../language/plan/estimate/estimate.js';

@ObjectType({ description: 'Of a run whose loops reach their bounds.' })
export class EstimatedCount {
  @Field(() => Float, { description: 'Everything succeeds at once.' })
  usual: number;

  @Field(() => Float, { description: 'Every step uses up its attempts.' })
  worst: number;
}

/** The maximum cost of a run of a Plan, and the things that the run can touch. */
@ObjectType({ description: 'What a run of a plan can cost at most, and what it touches.' })
export class PlanEstimate {
  @Field(() => [String])
  rights: string[];

  @Field(() => [String])
  servers: string[];

  @Field(() => [String], { description: 'Models that are named.' })
  models: string[];

  @Field(() => [String])
  secrets: string[];

  @Field(() => [String], { description: 'Scripts of the project.' })
  scripts: string[];

  @Field(() => [String], { description: 'Directives that it runs: name, or name@range.' })
  directives: string[];

  @Field(() => EstimatedCount)
  activities: EstimatedCount;

  @Field(() => EstimatedCount, { description: 'About so many events in Temporal.' })
  historyEvents: EstimatedCount;

  @Field(() => EstimatedCount)
  childRuns: EstimatedCount;

  @Field(() => Int, { description: 'Steps that may be under way at the same time.' })
  lanes: number;

  @Field(() => Float)
  worstSeconds: number;
}

/** Converts an estimate to the API's type. */
export const toPlanEstimate = ({ worst_seconds, ...estimate }: Estimate): PlanEstimate => ({
  rights: estimate.rights,
  servers: estimate.servers,
  models: estimate.models,
  secrets: estimate.secrets,
  scripts: estimate.scripts,
  directives: estimate.directives,
  activities: estimate.activities.planned,
  historyEvents: estimate.history_events.planned,
  childRuns: estimate.child_runs,
  lanes: estimate.lanes,
  worstSeconds: worst_seconds,
});
