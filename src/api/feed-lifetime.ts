import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { ThreadFeed } from '../threads/events/thread-feed.js';
import { Feed } from '../observation/feeds/feed.js';

/**
 * Starts the live feeds with the app, and stops them after the sockets are closed. If a subscription completed before its
 * socket closed, the client would take the end of this process for the end of the run.
 */
@Injectable()
export class FeedLifetime implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  constructor(
    @Inject(Feed) private readonly feed: Feed,
    @Inject(ThreadFeed) private readonly threadFeed: ThreadFeed,
  ) {}

  async onModuleInit(): Promise<void> {
    await Promise.all([this.feed.start(), this.threadFeed.start()]);
  }

  /** Answers the requests that wait for a run, while their connections are still open. */
  onModuleDestroy(): void {
    this.feed.runs.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.feed.stop(), this.threadFeed.stop()]);
  }
}
