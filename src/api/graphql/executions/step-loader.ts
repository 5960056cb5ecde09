import DataLoader from 'dataloader';
import { Injectable, Inject } from '@nestjs/common';
import type { StepRow } from '../../../platform/database/entities/runs/step.row.js';
import { type StepQuery, StepReader } from '../../../observation/readers/step.reader.js';
import type { GraphqlContext } from '../schema/graphql-context.js';

type Loader = DataLoader<string, StepRow[]>;

/** Reads the steps of all runs of a page in one query, without a cache, because the context of a subscription lives long. */
@Injectable()
export class StepLoader {
  private readonly loaders = new WeakMap<GraphqlContext, Map<string, Loader>>();

  constructor(@Inject(StepReader) private readonly steps: StepReader) {}

  load(context: GraphqlContext, runId: string, query: StepQuery): Promise<StepRow[]> {
    const own = this.loaders.get(context) ?? new Map<string, Loader>();
    this.loaders.set(context, own);
    const key = JSON.stringify(query);
    const loader = own.get(key) ?? this.loader(query);
    own.set(key, loader);
    return loader.load(runId);
  }

  private loader(query: StepQuery): Loader {
    return new DataLoader((ids) => this.steps.ofRuns(ids, query), { cache: false });
  }
}
