import { isObject, type Json } from './json/json.js';

export const MESSAGE_KINDS = ['signal', 'event', 'decision', 'pause', 'child'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** What a run is told from outside while it is under way. */
export interface Message {
  /** The same message may arrive twice. */
  id: string;
  kind: MessageKind;
  /** Of a signal its own; of an event or a decision the step that waits for it: `path#iteration`; of a child its id. */
  name: string;
  /** Of a `pause`: how often the run was paused or resumed until now; odd = it is paused. */
  payload: Json;
  actor: string;
}

/** What of a run's messages travels to its next history. */
export interface Mail {
  /** Ids of what has come. */
  seen: string[];
  /** What no step has taken yet. */
  kept: Message[];
  pauses: number;
}

/** True for what our own dispatcher sends; an operator may signal a workflow with anything. */
export const isMessage = (value: unknown): value is Message & Record<string, Json> =>
  isObject(value as Json) &&
  typeof (value as Message).id === 'string' &&
  MESSAGE_KINDS.includes((value as Message).kind) &&
  typeof (value as Message).name === 'string' &&
  typeof (value as Message).actor === 'string';

/** What a step waits for. */
export const topicOf = ({ kind, name }: Pick<Message, 'kind' | 'name'>): string =>
  `${kind} ${name}`;

/** The name of a signal. */
export const SIGNAL_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
