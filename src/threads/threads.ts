import type { ThreadFeed } from './events/thread-feed.js';
import type { ThreadAnswers } from './thread-answers.js';
import type { ThreadMessages } from './thread-messages.js';
import type { ThreadService } from './thread-service.js';

/** Everything that a way in to conversations needs. */
export class Threads {
  constructor(
    readonly service: ThreadService,
    readonly messages: ThreadMessages,
    readonly answers: ThreadAnswers,
    readonly feed: ThreadFeed,
  ) {}
}
