import type { ThreadProgress } from '../contracts/thread.js';
import type { ActivityServices } from './activity-services.js';

/** Activities of the workflow of a thread. */
export const threadActivities = ({ threads }: ActivityServices) => ({
  'thread.advance': (threadId: string): Promise<ThreadProgress> => threads.advance(threadId),

  /** Closes a thread in which nothing is to be done; false when there is something after all. */
  'thread.expire': (threadId: string): Promise<boolean> => threads.expire(threadId),
});
