import { isObject, type Json } from './json/json.js';

export const MESSAGE_KINDS = ['signal', 'event', 'decision', 'pause', 'child'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** A message that is delivered to a running workflow as a Temporal signal. */
export interface Message {
  /** Deduplication key: delivery is at least once. */
  id: string;
  kind: MessageKind;
  /** `signal`: its name. `event`, `decision`: the waiting step as `path#iteration`. `child`: the run id of the child. */
  name: string;
  /** For `pause`: how often the run was paused or resumed so far; an odd count means paused. */
  payload: Json;
  actor: string;
}

/** The state of the mailbox that continue-as-new carries into the next history. */
export interface Mail {
  /** Ids of received messages, for deduplication. */
  seen: string[];
  /** Received messages that no step has consumed yet. */
  kept: Message[];
  pauses: number;
}

/** True for messages of Mission Control's dispatcher. Operators may signal a workflow with any other payload. */
export const isMessage = (value: unknown): value is Message & Record<string, Json> =>
  isObject(value as Json) &&
  typeof (value as Message).id === 'string' &&
  MESSAGE_KINDS.includes((value as Message).kind) &&
  typeof (value as Message).name === 'string' &&
  typeof (value as Message).actor === 'string';

/** Topic of a message; a waiting step receives the messages of one topic. */
export const topicOf = ({ kind, name }: Pick<Message, 'kind' | 'name'>): string =>
  `${kind} ${name}`;

/** Pattern of signal names. */
export const SIGNAL_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
