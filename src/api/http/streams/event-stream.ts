import { once } from 'node:events';
import type { Response } from 'express';

const HEARTBEAT_MS = 15_000;

/** Server-sent events as an answer. It begins with the first event, so that a call that fails before has a status. */
export class EventStream {
  private heartbeat: NodeJS.Timeout | undefined;
  private readonly left = new AbortController();

  constructor(private readonly response: Response) {
    response.once('close', () => {
      clearInterval(this.heartbeat);
      this.left.abort();
    });
  }

  /** Aborted when the client has gone. */
  get gone(): AbortSignal {
    return this.left.signal;
  }

  get isOpen(): boolean {
    return this.response.headersSent;
  }

  open(): void {
    if (this.isOpen || this.gone.aborted) return;
    this.response.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    this.response.flushHeaders();
    const beat = () => this.response.write(': heartbeat\n\n');
    this.heartbeat = setInterval(beat, HEARTBEAT_MS);
  }

  /** Sends an event; resolves when the client has room for more, or has gone. */
  async send(data: object, id?: number): Promise<void> {
    this.open();
    if (this.gone.aborted) return;
    const text = `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
    const { response } = this;
    if (!response.write(text))
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }

  end(): void {
    clearInterval(this.heartbeat);
    this.response.end();
  }
}
