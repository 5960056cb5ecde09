import { Body, Controller, Delete, Get, Inject, Param, Put, Req } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import {
  channelProject,
  checkedProject,
  linkChannel,
  unlinkChannel,
} from '../../threads/channel-links.js';
import { ApiSettings } from '../shared/api-settings.js';
import { objectOf } from '../shared/object-of.js';
import { Requires } from '../rights/requires.decorator.js';
import type { AuthenticatedRequest } from './authenticate.js';

/** The links between channels and folders of the project. */
@Controller('channels/:channel')
export class ChannelsController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ApiSettings) private readonly settings: ApiSettings,
  ) {}

  @Requires('read:executions')
  @Get()
  async show(@Param('channel') channel: string) {
    return { channel, project_path: (await channelProject(this.dataSource, channel)) ?? null };
  }

  @Requires('execute:directives')
  @Put()
  async link(
    @Param('channel') channel: string,
    @Body() body: unknown,
    @Req() request: AuthenticatedRequest,
  ) {
    const { project_path: path } = objectOf(body, 'the body');
    if (typeof path !== 'string')
      throw new MissionError('input_invalid', 'Send {"project_path": "PATH"}.');
    const project_path = checkedProject(this.settings.project, path);
    const { actor } = request.principal!;
    await linkChannel(this.dataSource, { channel, project_path, actor });
    return { channel, project_path };
  }

  @Requires('execute:directives')
  @Delete()
  async unlink(@Param('channel') channel: string) {
    await unlinkChannel(this.dataSource, channel);
    return { channel, project_path: null };
  }
}
