import type { Readable } from 'node:stream';

const WINDOW_MS = 1_000;
const MAX_BYTES_PER_WINDOW = 16 * 1024 * 1024;

/**
 * Pauses a stream after 16 MiB per second, so that a flooding server waits
 * instead of filling the memory.
 */
export class FlowLimit {
  private bytes = 0;
  private start = 0;

  constructor(private readonly stream: Readable) {}

  add(bytes: number): void {
    const now = Date.now();
    if (now - this.start >= WINDOW_MS) [this.start, this.bytes] = [now, 0];
    this.bytes += bytes;
    if (this.bytes <= MAX_BYTES_PER_WINDOW || this.stream.isPaused()) return;
    this.stream.pause();
    setTimeout(() => this.stream.resume(), this.start + WINDOW_MS - now).unref();
  }
}
