import type { Json, JsonObject } from './json/json.js';

/** How long a thread lasts, and who shares it. */
export const THREAD_MODES = ['single_shot', 'persistent', 'scoped'] as const;
export type ThreadMode = (typeof THREAD_MODES)[number];

/** What happens to a message that arrives while another one is being answered. */
export const BUSY_POLICIES = ['enqueue', 'reject', 'interrupt', 'rollback'] as const;
export type BusyPolicy = (typeof BUSY_POLICIES)[number];

/** What a turn reads of the messages before: the last ones, and what is remembered of those before them. */
export const MEMORY_STRATEGIES = [
  'sliding_window',
  'summarize',
  'key_facts',
  'hierarchical',
  'topic_pruning',
] as const;
export type MemoryStrategy = (typeof MEMORY_STRATEGIES)[number];

/** The strategies for which older messages are condensed. */
export const CONDENSING: readonly MemoryStrategy[] = ['summarize', 'key_facts', 'hierarchical'];

/** Something that a thread remembers, with the messages that say it. */
export interface MemoryFact {
  kind: 'fact' | 'decision';
  text: string;
  message_ids: string[];
}

/** `created` = no message yet, `suspended` = a limit is used up, `completed` = closed or expired. */
export const THREAD_STATUSES = [
  'created',
  'running',
  'paused',
  'suspended',
  'completed',
  'error',
  'cancelled',
] as const;
export type ThreadStatus = (typeof THREAD_STATUSES)[number];

/** `rolled_back` = cancelled, and left out of what later turns read. */
export const THREAD_MESSAGE_STATUSES = [
  'queued',
  'running',
  'done',
  'error',
  'cancelled',
  'rolled_back',
] as const;
export type ThreadMessageStatus = (typeof THREAD_MESSAGE_STATUSES)[number];

/** Who wrote a message. */
export type ThreadRole = 'user' | 'assistant';

/** The data of the events of a thread's stream, by type. The names are those of the clients that read them. */
export interface ThreadEventData {
  message_start: { run_id: string };
  /** The first attempt of a turn; `text` is the answer so far. */
  turn_start: { text: string };
  content_block_delta: { index: 0; delta: { type: 'text_delta'; text: string } };
  tool_start: { id: string; name: string; input: Json };
  tool_result: { id: string; name: string; output: Json; is_error: boolean };
  /** A turn is repeated: `text` is what remains of the answer, and replaces what was streamed of it so far. */
  attempt_reset: { text: string };
  /** `error` is a text, because clients show it as it is. */
  error: { error: string; code: string };
  message_stop: { status: ThreadMessageStatus; tokens_used: number; duration_ms: number };
}
export type ThreadEventType = keyof ThreadEventData;

/** One event of a thread's stream. `seq` grows by at least one with each event of the thread. */
export interface ThreadEvent<Type extends ThreadEventType = ThreadEventType> {
  thread_id: string;
  seq: number;
  /** The user's message that is being answered. */
  message_id: string;
  type: Type;
  data: ThreadEventData[Type];
}

/** Input of the workflow of a thread. What is said is in the database. */
export interface ThreadInput {
  thread_id: string;
  directive: string;
  /** Milliseconds without a message after which the thread is closed; absent = never. */
  idle_ms?: number;
}

/** What the workflow of a thread does next: wait for the run of an answer, for a message, or nothing more. */
export type ThreadProgress =
  { state: 'answering'; run_id: string } | { state: 'waiting' } | { state: 'closed' };

/** The text of an answer as its events tell it. */
export function answerText(events: Iterable<Pick<ThreadEvent, 'type' | 'data'>>): string {
  let text = '';
  for (const { type, data } of events) {
    if (type === 'content_block_delta')
      text += (data as ThreadEventData['content_block_delta']).delta.text;
    if (type === 'attempt_reset') text = (data as ThreadEventData['attempt_reset']).text;
  }
  return text;
}

/** The event that adds a piece of text to an answer. */
export const textDelta = (text: string) =>
  ({
    type: 'content_block_delta',
    data: { index: 0, delta: { type: 'text_delta', text } },
  }) as const;

/** The thread and the message for which a run was started. */
export type ThreadPlace = { id: string; message_id: string };

/** The inputs that a thread gives to the run of a message. */
export type ThreadInputs = JsonObject;
