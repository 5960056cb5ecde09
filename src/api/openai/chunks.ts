import type { ThreadEvent, ThreadEventData } from '../../contracts/thread.js';

/** Tokens of an answer, as clients want them. */
export const usageOf = (total: number) => ({
  prompt_tokens: 0,
  completion_tokens: total,
  total_tokens: total,
});

/** What is the same in every part of one answer. */
export interface ChunkHead {
  id: string;
  created: number;
  model: string;
}

/** One part of a streamed answer. Clients need the role first, one index, and exactly one reason at the end. */
export const chunk = (
  { id, created, model }: ChunkHead,
  delta: { role?: 'assistant'; content?: string },
  finish_reason: 'stop' | null = null,
) => ({
  id,
  object: 'chat.completion.chunk',
  created,
  model,
  choices: [{ index: 0, delta, finish_reason, logprobs: null }],
  usage: null,
});

/** The part with the usage, which is sent only to clients that ask for it. */
export const usageChunk = ({ id, created, model }: ChunkHead, tokens: number) => ({
  id,
  object: 'chat.completion.chunk',
  created,
  model,
  choices: [],
  usage: usageOf(tokens),
});

/** A whole answer. */
export const completion = ({ id, created, model }: ChunkHead, content: string, tokens: number) => ({
  id,
  object: 'chat.completion',
  created,
  model,
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content, refusal: null },
      finish_reason: 'stop',
      logprobs: null,
    },
  ],
  usage: usageOf(tokens),
});

/**
 * The text that each event adds for a client that cannot take text back: after a repeated turn it gets only what goes
 * beyond what it has, and all of the answer when that differs.
 */
export class GrowingText {
  private sent = '';
  private whole = '';

  add({ type, data }: Pick<ThreadEvent, 'type' | 'data'>): string {
    if (type === 'attempt_reset') this.whole = (data as ThreadEventData['attempt_reset']).text;
    if (type === 'content_block_delta')
      this.whole += (data as ThreadEventData['content_block_delta']).delta.text;
    return this.sent.startsWith(this.whole) ? '' : this.rest();
  }

  private rest(): string {
    const goesOn = this.whole.startsWith(this.sent);
    const added = goesOn ? this.whole.slice(this.sent.length) : `\n\n${this.whole}`;
    this.sent = this.whole;
    return added;
  }
}
