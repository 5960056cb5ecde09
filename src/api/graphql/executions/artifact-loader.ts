import DataLoader from 'dataloader';
import { Inject, Injectable } from '@nestjs/common';
import type { ArtifactRow } from '../../../platform/database/entities/runs/artifact.row.js';
import { ArtifactReader } from '../../../observation/readers/artifact.reader.js';

/** Reads the artifacts of all runs of a page in one query, without a cache. */
@Injectable()
export class ArtifactLoader {
  private readonly loader: DataLoader<string, ArtifactRow[]>;

  constructor(@Inject(ArtifactReader) artifacts: ArtifactReader) {
    this.loader = new DataLoader((ids) => artifacts.ofRuns(ids), {
      cache: false,
      maxBatchSize: 100,
    });
  }

  load(runId: string): Promise<ArtifactRow[]> {
    return this.loader.load(runId);
  }
}
