import { isMessage, topicOf, type Mail, type Message } from '../../contracts/message.js';
import type { Json } from '../../contracts/json/json.js';

/** A message may be sent again soon after it was, not long. */
const REMEMBERED = 1_000;

/** What a run was told and has not taken yet: a signal that comes early waits for its step. */
export class Mailbox {
  /** Called with the topic of each message that comes. */
  onMessage: (topic: string) => void = () => {};
  private readonly seen: Set<string>;
  private readonly kept: Message[];
  private pauses: number;

  constructor({ seen, kept, pauses }: Mail) {
    this.seen = new Set(seen);
    this.kept = [...kept];
    this.pauses = pauses;
  }

  get paused(): boolean {
    return this.pauses % 2 === 1;
  }

  /** Takes in a signal of the engine: our dispatcher's, or an operator's own from Temporal Web UI. */
  receive(signal: string, [content]: unknown[]): void {
    const message = isMessage(content) ? content : foreign(signal, content);
    if (message.id !== '' && this.seen.has(message.id)) return;
    if (message.id !== '') this.remember(message.id);
    if (message.kind === 'pause') return this.countPauses(Number(message.payload));
    this.kept.push(message);
    this.onMessage(topicOf(message));
  }

  /** Whoever has counted more pauses and resumptions is right. */
  countPauses(count: number): void {
    this.pauses = Math.max(this.pauses, count);
    this.onMessage(PAUSE);
  }

  /** Whether a message of a topic is there. */
  has(topic: string): boolean {
    return this.kept.some((message) => topicOf(message) === topic);
  }

  /** The oldest message of a topic. */
  take(topic: string): Message | undefined {
    const index = this.kept.findIndex((message) => topicOf(message) === topic);
    return index < 0 ? undefined : this.kept.splice(index, 1)[0];
  }

  carry(): Mail {
    return { seen: [...this.seen], kept: this.kept, pauses: this.pauses };
  }

  private remember(id: string): void {
    this.seen.add(id);
    for (const oldest of this.seen) {
      if (this.seen.size <= REMEMBERED) return;
      this.seen.delete(oldest);
    }
  }
}

/** The topic of pauses and resumptions. */
export const PAUSE = 'pause';

const foreign = (name: string, content: unknown): Message => ({
  id: '',
  kind: 'signal',
  name,
  payload: (content ?? null) as Json,
  actor: 'temporal',
});
