import { Inject } from '@nestjs/common';
import { Args, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../../access/principal.js';
import { AutomationReader } from '../../../automations/automation-reader.js';
import { AutomationService } from '../../../automations/automation-service.js';
import { readSpec } from '../../../automations/definition/read-spec.js';
import { type AutomationSpec, type OccurrenceStatus } from '../../../contracts/run/automation.js';
import type { Json } from '../../../contracts/json/json.js';
import { Requires } from '../../rights/requires.decorator.js';
import { objectOf } from '../../shared/object-of.js';
import { Caller } from '../schema/actor.decorator.js';
import { toConnection } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { GraphQLJson } from '../schema/json.scalar.js';
import { PageArgs } from '../schema/page.args.js';
import { BackfillArgs } from './backfill.args.js';
import {
  Automation,
  AutomationStop,
  DueTime,
  Occurrence,
  OccurrenceConnection,
  OccurrenceStatusEnum,
  toAutomation,
  toDueTime,
  toOccurrence,
} from './automation.type.js';

const NAME = { type: () => String, description: 'Its name or its id.' };

/** Automations: what starts runs by itself. */
@Resolver(() => Automation)
export class AutomationsResolver {
  constructor(
    @Inject(AutomationService) private readonly service: AutomationService,
    @Inject(AutomationReader) private readonly reader: AutomationReader,
  ) {}

  @Requires('read:automations')
  @Query(() => [Automation], { name: 'automations', description: 'All of them, by name.' })
  async list(): Promise<Automation[]> {
    return (await this.service.list()).map(toAutomation);
  }

  @Requires('read:automations')
  @Query(() => Automation, { name: 'automation' })
  async find(@Args('name', NAME) name: string): Promise<Automation> {
    return toAutomation(await this.service.find(name));
  }

  @Requires('read:automations')
  @Query(() => [DueTime], {
    description: 'The next times of a definition that need not be saved.',
  })
  async previewAutomation(
    @Args('definition', { type: () => GraphQLJson }) definition: Json,
    @Args('count', { type: () => Int, defaultValue: 10 }) count: number,
    @Args('after', { type: () => GraphQLDateTime, nullable: true }) after: Date | null,
  ): Promise<DueTime[]> {
    const times = await this.reader.nextTimes(readSpec(definition), count, after ?? new Date());
    return times.map(toDueTime);
  }

  @Requires('read:automations')
  @Query(() => AutomationStop, {
    nullable: true,
    description: 'Who stopped all automation; null while it runs.',
  })
  async automationStop(): Promise<AutomationStop | null> {
    const stop = await this.service.stop();
    return stop ? { ...stop, stoppedAt: stop.stopped_at } : null;
  }

  @ResolveField(() => [DueTime])
  async nextTimes(
    @Parent() { definition }: Automation,
    @Args('count', { type: () => Int, defaultValue: 5 }) count: number,
  ): Promise<DueTime[]> {
    const times = await this.reader.nextTimes(definition as unknown as AutomationSpec, count);
    return times.map(toDueTime);
  }

  @ResolveField(() => OccurrenceConnection, { description: 'Newest first.' })
  async occurrences(
    @Parent() { id }: Automation,
    @Args() page: PageArgs,
    @Args('status', { type: () => OccurrenceStatusEnum, nullable: true })
    status: OccurrenceStatus | null,
  ) {
    const found = await this.reader.occurrences(id, status ?? null, page);
    return toConnection(found, toOccurrence, !!page.after);
  }

  @Requires('write:automations')
  @Mutation(() => Automation, {
    description: 'Makes an automation. The definition has the keys of its file.',
  })
  async createAutomation(
    @Args('definition', { type: () => GraphQLJson }) definition: Json,
    @Caller() caller: Principal,
  ): Promise<Automation> {
    return toAutomation(await this.service.create(caller, definition));
  }

  @Requires('write:automations')
  @Mutation(() => Automation, { description: 'Changes the given keys of a definition.' })
  async updateAutomation(
    @Args('name', NAME) name: string,
    @Args('changes', { type: () => GraphQLJson }) changes: Json,
    @Caller() caller: Principal,
  ): Promise<Automation> {
    return toAutomation(await this.service.update(caller, name, objectOf(changes, 'changes')));
  }

  @Requires('write:automations')
  @Mutation(() => Automation)
  async deleteAutomation(
    @Args('name', NAME) name: string,
    @Caller() caller: Principal,
  ): Promise<Automation> {
    return toAutomation(await this.service.delete(caller, name));
  }

  @Requires('write:automations')
  @Mutation(() => Automation)
  async pauseAutomation(
    @Args('name', NAME) name: string,
    @Args('note', { type: () => String, nullable: true }) note: string | null,
    @Caller() caller: Principal,
  ): Promise<Automation> {
    return toAutomation(await this.service.pause(caller, name, note));
  }

  @Requires('write:automations')
  @Mutation(() => Automation)
  async resumeAutomation(
    @Args('name', NAME) name: string,
    @Caller() caller: Principal,
  ): Promise<Automation> {
    return toAutomation(await this.service.resume(caller, name));
  }

  @Requires('write:automations')
  @Mutation(() => Occurrence, { description: 'Runs it now, as its overlap policy allows.' })
  async runAutomation(
    @Args('name', NAME) name: string,
    @Caller() caller: Principal,
  ): Promise<Occurrence> {
    return toOccurrence(await this.service.run(caller, name));
  }

  @Requires('write:automations')
  @Mutation(() => Int, {
    description: 'Runs what was due in a span and did not run; returns the number of occurrences.',
  })
  backfillAutomation(
    @Args() { name, ...span }: BackfillArgs,
    @Caller() caller: Principal,
  ): Promise<number> {
    return this.service.backfill(caller, name, span);
  }

  @Requires('write:automations')
  @Mutation(() => Boolean, { description: 'Stops all automation, until startAutomations.' })
  async stopAutomations(
    @Args('reason', { type: () => String }) reason: string,
    @Caller() caller: Principal,
  ): Promise<boolean> {
    await this.service.stopAll(caller, reason);
    return true;
  }

  @Requires('write:automations')
  @Mutation(() => Boolean)
  async startAutomations(@Caller() caller: Principal): Promise<boolean> {
    await this.service.startAll(caller);
    return true;
  }
}
