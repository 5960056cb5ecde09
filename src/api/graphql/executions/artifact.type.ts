import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { ArtifactRow } from '../../../platform/database/entities/runs/artifact.row.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';

/** A file of a run. */
@ObjectType({ description: 'A file that a script of the run wrote to its artifacts directory.' })
export class Artifact {
  @Field(() => String)
  path: string;

  @Field(() => Int)
  bytes: number;

  @Field(() => String)
  sha256: string;

  @Field(() => String, { description: 'Path of the step whose script wrote the file.' })
  step: string;

  @Field(() => GraphQLDateTime)
  createdAt: Date;

  @Field(() => String, { description: 'URL path of the file in this API.' })
  url: string;
}

/** Converts a row to the API's type. */
export const toArtifact = (row: ArtifactRow): Artifact => ({
  path: row.path,
  bytes: row.bytes,
  sha256: row.hash,
  step: row.step_path,
  createdAt: row.created_at,
  url: `/internal/executions/${row.run_id}/artifacts/${row.path.split('/').map(encodeURIComponent).join('/')}`,
});
