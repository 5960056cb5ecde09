import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Json } from '../../../contracts/json/json.js';
import { BlobReader } from '../../../observation/readers/blob.reader.js';
import { GraphQLJson } from '../schema/json.scalar.js';
import { StepRun } from './step-run.type.js';

/** The large values of a step, which are read only when a client selects them. */
@Resolver(() => StepRun)
export class StepFieldsResolver {
  constructor(@Inject(BlobReader) private readonly blobs: BlobReader) {}

  @ResolveField(() => GraphQLJson, { nullable: true })
  inputs(@Parent() { inputs }: StepRun): Promise<Json> {
    return this.blobs.resolve(inputs);
  }

  @ResolveField(() => GraphQLJson, { nullable: true })
  result(@Parent() { result }: StepRun): Promise<Json> {
    return this.blobs.resolve(result);
  }
}
