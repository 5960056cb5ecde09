import type { ThreadEventData, ThreadEventType } from '../../contracts/thread.js';

/** An event of a thread's stream, as clients receive it. */
export type ChatEvent = {
  [Type in ThreadEventType]: { type: Type; message_id: string } & ThreadEventData[Type];
}[ThreadEventType];
