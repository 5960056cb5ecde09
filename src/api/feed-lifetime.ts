import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Feed } from '../observation/feeds/feed.js';

/**
 * Starts the live feeds with the app and ends them with it: after the sockets. A client whose subscription completed
 * before its socket closed would take the end of this process for the end of the run.
 */
@Injectable()
export class FeedLifetime implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  constructor(@Inject(Feed) private readonly feed: Feed) {}

  onModuleInit(): Promise<void> {
    return this.feed.start();
  }

  /** Requests that wait for a run are answered while their connections are still there. */
  onModuleDestroy(): void {
    this.feed.runs.stop();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.feed.stop();
  }
}
