import { Body, Controller, Delete, Get, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { AutomationReader } from '../../../automations/automation-reader.js';
import { AutomationService } from '../../../automations/automation-service.js';
import type { Json } from '../../../contracts/json/json.js';
import { Requires } from '../../rights/requires.decorator.js';
import type { AuthenticatedRequest } from '../authenticate.js';
import { toAutomationJson, toNextTimeJson, toOccurrenceJson } from './automations.json.js';

const NEXT_TIMES = 5;

/** Automations of the REST interface `/internal`, with the same service and rights as GraphQL. */
@Controller('internal/automations')
export class AutomationsController {
  constructor(
    @Inject(AutomationService) private readonly service: AutomationService,
    @Inject(AutomationReader) private readonly reader: AutomationReader,
  ) {}

  @Requires('read:automations')
  @Get()
  async list() {
    return { automations: (await this.service.list()).map(toAutomationJson) };
  }

  @Requires('read:automations')
  @Get(':name')
  async find(@Param('name') name: string) {
    return this.shown(await this.service.find(name));
  }

  /** Answers 201 with the automation and its next times. */
  @Requires('write:automations')
  @Post()
  async create(@Body() body: Json, @Req() request: AuthenticatedRequest) {
    return this.shown(await this.service.create(request.principal!, body));
  }

  @Requires('write:automations')
  @Delete(':name')
  async delete(@Param('name') name: string, @Req() request: AuthenticatedRequest) {
    return toAutomationJson(await this.service.delete(request.principal!, name));
  }

  @Requires('read:automations')
  @Get(':name/occurrences')
  async occurrences(
    @Param('name') name: string,
    @Query('first') first = '20',
    @Query('after') after?: string,
  ) {
    const { id } = await this.service.find(name);
    const page = await this.reader.occurrences(id, null, { first: Number(first) || 0, after });
    return {
      occurrences: page.items.map(({ node }) => toOccurrenceJson(node)),
      next: page.hasNextPage ? page.items.at(-1)!.cursor : null,
    };
  }

  private async shown(row: Awaited<ReturnType<AutomationService['find']>>) {
    const times = row.enabled ? await this.reader.nextTimes(row.spec, NEXT_TIMES) : [];
    return { ...toAutomationJson(row), next_times: times.map(toNextTimeJson) };
  }
}
