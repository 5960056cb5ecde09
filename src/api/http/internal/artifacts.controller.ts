import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MissionError } from '../../../contracts/errors.js';
import { ArtifactReader } from '../../../observation/readers/artifact.reader.js';
import { ExecutionReader } from '../../../observation/readers/execution.reader.js';
import { Requires } from '../../rights/requires.decorator.js';
import { toArtifactJson } from './internal.json.js';

/** REST routes that list and download the artifacts of runs. */
@Controller('internal/executions/:id/artifacts')
export class ArtifactsController {
  constructor(
    @Inject(ArtifactReader) private readonly artifacts: ArtifactReader,
    @Inject(ExecutionReader) private readonly executions: ExecutionReader,
  ) {}

  @Requires('read:executions')
  @Get()
  async list(@Param('id') id: string) {
    if (!(await this.executions.find(id)))
      throw new MissionError('not_found', `There is no run ${id}.`);
    const [rows] = await this.artifacts.ofRuns([id]);
    return { artifacts: rows!.map(toArtifactJson) };
  }

  /** Sends a file as an attachment, never with a type that a browser would execute: scripts write the files. */
  @Requires('read:executions')
  @Get('*path')
  async download(
    @Param('id') id: string,
    @Param('path') names: string | string[],
    @Res() response: Response,
  ): Promise<void> {
    const path = [names].flat().join('/');
    const row = await this.artifacts.find(id, path);
    if (!row) throw new MissionError('not_found', `The run ${id} has no artifact ${path}.`);
    response.attachment(path.split('/').at(-1)).set({
      'content-type': 'application/octet-stream',
      'content-length': String(row.bytes),
      'x-content-type-options': 'nosniff',
      etag: `"${row.hash}"`,
    });
    await pipeline(Readable.from(this.artifacts.content(row)), response).catch(() =>
      response.destroy(),
    );
  }
}
