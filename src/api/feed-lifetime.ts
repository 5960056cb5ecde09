import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Feed } from '../observation/feed.js';

/** Starts the live feeds with the app and ends them with it. */
@Injectable()
export class FeedLifetime implements OnModuleInit, OnModuleDestroy {
  constructor(@Inject(Feed) private readonly feed: Feed) {}

  onModuleInit(): Promise<void> {
    return this.feed.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.feed.stop();
  }
}
