import { Inject } from '@nestjs/common';
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { MissionError } from '../../../contracts/errors.js';
import type { Json } from '../../../contracts/json/json.js';
import { BlobReader } from '../../../observation/readers/blob.reader.js';
import { ShadowReader } from '../../../observation/readers/shadow.reader.js';
import { Artifact, toArtifact } from './artifact.type.js';
import { ArtifactLoader } from './artifact-loader.js';
import { Execution } from './execution.type.js';
import type { GraphqlContext } from '../schema/graphql-context.js';
import { GraphQLJson } from '../schema/json.scalar.js';
import { ShadowReport } from './shadow-report.type.js';
import { MAX_STEPS, StepsArgs } from './steps.args.js';
import { StepLoader } from './step-loader.js';
import { StepRun, toStepRun } from './step-run.type.js';
import { TemporalLink } from './temporal-link.js';

/** The fields of a run that are read only when a client selects them. */
@Resolver(() => Execution)
export class ExecutionFieldsResolver {
  constructor(
    @Inject(BlobReader) private readonly blobs: BlobReader,
    @Inject(StepLoader) private readonly loader: StepLoader,
    @Inject(ArtifactLoader) private readonly files: ArtifactLoader,
    @Inject(TemporalLink) private readonly link: TemporalLink,
    @Inject(ShadowReader) private readonly shadows: ShadowReader,
  ) {}

  @ResolveField(() => GraphQLJson, { nullable: true })
  inputs(@Parent() { inputs }: Execution): Promise<Json> {
    return this.blobs.resolve(inputs);
  }

  @ResolveField(() => GraphQLJson, { nullable: true })
  result(@Parent() { result }: Execution): Promise<Json> {
    return this.blobs.resolve(result);
  }

  @ResolveField(() => [StepRun], {
    description: 'The steps in the order in which they started; at most 1,000.',
  })
  async steps(
    @Parent() { id }: Execution,
    @Args() { first, offset: skipped, name, iteration }: StepsArgs,
    @Context() context: GraphqlContext,
  ): Promise<StepRun[]> {
    const [limit, offset] = [first ?? MAX_STEPS, skipped ?? 0];
    if (limit < 1 || limit > MAX_STEPS || offset < 0) throw outOfRange();
    const query = { limit, offset, name: name ?? null, iteration: iteration ?? null };
    return (await this.loader.load(context, id, query)).map(toStepRun);
  }

  @ResolveField(() => ShadowReport, {
    nullable: true,
    description: 'For a finished shadow run: the differences between it and the recorded run.',
  })
  shadow(@Parent() { id, shadowOf }: Execution): Promise<ShadowReport | null> | null {
    return shadowOf === null ? null : this.shadows.find(id);
  }

  @ResolveField(() => [Artifact], {
    description: 'The files that its scripts wrote as artifacts, sorted by path.',
  })
  async artifacts(@Parent() { id }: Execution): Promise<Artifact[]> {
    return (await this.files.load(id)).map(toArtifact);
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'Address of the run in Temporal Web UI; null once Temporal has deleted its history.',
  })
  temporalUrl(@Parent() execution: Execution): string | null {
    return this.link.of(execution);
  }
}

const outOfRange = () =>
  new MissionError(
    'input_invalid',
    `In "steps", first must be 1 to ${MAX_STEPS}, and offset must be at least 0.`,
  );
