import type { Asking } from './asking.js';
import type { Exchange } from './exchanges.js';

/** What an answer is made of: the conversation, and the calls for the present message. */
export interface Talk {
  exchanges: readonly Exchange[];
  present: Exchange;
  asking: Asking;
  now: Date;
}
