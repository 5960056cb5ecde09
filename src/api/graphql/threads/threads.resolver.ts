import { Inject } from '@nestjs/common';
import {
  Args,
  ID,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import type { Principal } from '../../../access/principal.js';
import type { ThreadEvent as Event } from '../../../contracts/thread.js';
import { Threads } from '../../../threads/threads.js';
import { Requires } from '../../rights/requires.decorator.js';
import { objectOf } from '../../shared/object-of.js';
import { Caller } from '../schema/actor.decorator.js';
import { OpenThreadArgs } from './open-thread.args.js';
import {
  ThreadEvent,
  ThreadMessage,
  toThreadEvent,
  toThreadMessage,
} from './thread-message.type.js';
import { Thread, toThread } from './thread.type.js';

const THREAD = { type: () => ID };

/** Conversations of the caller: those of others are not found. */
@Resolver(() => Thread)
export class ThreadsResolver {
  constructor(@Inject(Threads) private readonly threads: Threads) {}

  @Requires('read:executions')
  @Query(() => [Thread], { name: 'threads', description: 'Your conversations, newest first.' })
  async list(
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Caller() caller: Principal,
  ): Promise<Thread[]> {
    return (await this.threads.service.list(caller, first)).map(toThread);
  }

  @Requires('read:executions')
  @Query(() => Thread, { name: 'thread' })
  async find(@Args('id', THREAD) id: string, @Caller() caller: Principal): Promise<Thread> {
    return toThread(await this.threads.service.find(caller, id));
  }

  @ResolveField(() => [ThreadMessage], {
    description: 'The last messages, oldest first; with `before` those with a lower sequence.',
  })
  async messages(
    @Parent() { id }: Thread,
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('before', { type: () => Int, nullable: true }) before: number | null,
    @Caller() caller: Principal,
  ): Promise<ThreadMessage[]> {
    const part = { first, ...(before != null && { before }) };
    return (await this.threads.service.messages(caller, id, part)).map(toThreadMessage);
  }

  @Requires('execute:directives')
  @Mutation(() => Thread, {
    description: 'Opens a conversation, or returns the open one of the channel.',
  })
  async openThread(@Args() args: OpenThreadArgs, @Caller() caller: Principal): Promise<Thread> {
    const { projectPath, onBusy, inputs, ...rest } = args;
    const given = Object.entries({ ...rest, project_path: projectPath, on_busy: onBusy });
    const request = Object.fromEntries(given.filter(([, value]) => value != null));
    const all = { ...request, inputs: objectOf(inputs, 'inputs') };
    return toThread(await this.threads.service.open(caller, all));
  }

  @Requires('execute:directives')
  @Mutation(() => ID, {
    description:
      'Sends a message, and returns its ID. One with the same clientId is the same message.',
  })
  async sendMessage(
    @Args('threadId', THREAD) id: string,
    @Args('message', { type: () => String }) message: string,
    @Args('clientId', { type: () => String, nullable: true }) clientId: string | null,
    @Caller() caller: Principal,
  ): Promise<string> {
    const client = clientId == null ? {} : { client_id: clientId };
    return (await this.threads.messages.post(caller, id, { message, ...client })).message_id;
  }

  @Requires('execute:directives')
  @Mutation(() => Int, {
    description:
      'Stops what is being answered, and returns the number of messages that it concerns.',
  })
  cancelThread(
    @Args('id', THREAD) id: string,
    @Args('close', { type: () => Boolean, defaultValue: false }) close: boolean,
    @Caller() caller: Principal,
  ): Promise<number> {
    return this.threads.messages.cancel(caller, id, { close });
  }

  @Requires('execute:directives')
  @Mutation(() => Int, {
    description:
      'Takes back the latest compaction, and returns the sequence of the last message that it covered.',
  })
  undoCompaction(
    @Args('threadId', THREAD) id: string,
    @Caller() caller: Principal,
  ): Promise<number> {
    return this.threads.service.undoCompaction(caller, id);
  }

  @Requires('execute:directives')
  @Mutation(() => Thread)
  async pauseThread(@Args('id', THREAD) id: string, @Caller() caller: Principal): Promise<Thread> {
    await this.threads.messages.pause(caller, id);
    return this.find(id, caller);
  }

  @Requires('execute:directives')
  @Mutation(() => Thread)
  async resumeThread(@Args('id', THREAD) id: string, @Caller() caller: Principal): Promise<Thread> {
    await this.threads.messages.resume(caller, id);
    return this.find(id, caller);
  }

  @Requires('execute:directives')
  @Mutation(() => Thread, {
    description:
      'Opens a new thread with what was said up to a message, and the same pinned directive.',
  })
  async forkThread(
    @Args('id', THREAD) id: string,
    @Args('sequence', { type: () => Int }) sequence: number,
    @Caller() caller: Principal,
  ): Promise<Thread> {
    return toThread(await this.threads.service.fork(caller, id, sequence));
  }

  @Requires('read:executions')
  @Subscription(() => ThreadEvent, {
    resolve: (event: Event) => toThreadEvent(event),
    description: 'The events of a thread after a sequence; without one, from now on.',
  })
  async threadEvent(
    @Args('threadId', THREAD) id: string,
    @Args('after', { type: () => Int, nullable: true }) after: number | null,
    @Caller() caller: Principal,
  ): Promise<AsyncIterableIterator<Event>> {
    const thread = await this.threads.service.find(caller, id);
    return this.threads.feed.follow(id, after ?? thread.event_seq);
  }
}
