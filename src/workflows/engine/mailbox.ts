import { isMessage, topicOf, type Mail, type Message } from '../../contracts/message.js';
import type { Json } from '../../contracts/json/json.js';

/**
 * Number of message ids kept for deduplication. Redelivery follows soon after the first delivery, so old ids may go.
 */
const REMEMBERED = 1_000;

/** Received messages that no step has consumed yet. A signal that arrives early stays until a step waits for it. */
export class Mailbox {
  /** Called with the topic of each new message. */
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

  /** Accepts a Temporal signal, sent by Mission Control's dispatcher or by an operator from Temporal Web UI. */
  receive(signal: string, [content]: unknown[]): void {
    const message = isMessage(content) ? content : foreign(signal, content);
    if (message.id !== '' && this.seen.has(message.id)) return;
    if (message.id !== '') this.remember(message.id);
    if (message.kind === 'pause') return this.countPauses(Number(message.payload));
    this.kept.push(message);
    this.onMessage(topicOf(message));
  }

  /**
   * Sets the number of pauses and resumptions. The highest count wins, because reports may arrive late or out of order.
   */
  countPauses(count: number): void {
    this.pauses = Math.max(this.pauses, count);
    this.onMessage(PAUSE);
  }

  /** True if a message of the topic is available. */
  has(topic: string): boolean {
    return this.kept.some((message) => topicOf(message) === topic);
  }

  /** Removes and returns the oldest message of a topic. */
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
