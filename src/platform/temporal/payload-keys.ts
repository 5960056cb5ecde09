import type { KeyFile } from '../keys/key-file.js';
import type { Keyring } from '../keys/keyring.js';

/** A new key in front of the file is used this much later. */
const EVERY_MS = 5_000;

/** The keys of payloads: read now and then, and at once when one is asked for that is not known. */
export class PayloadKeys {
  private ring: Keyring | undefined;
  private readAt = -Infinity;

  constructor(private readonly file: KeyFile) {}

  /** @throws MissionError `config_invalid` when the keys were never read and cannot be */
  async current(): Promise<Keyring> {
    return this.ring && performance.now() - this.readAt < EVERY_MS ? this.ring : this.read();
  }

  /** The keys, read again if need be to have this one. */
  async with(id: string): Promise<Keyring> {
    const ring = await this.current();
    return ring.keys.some((key) => key.id === id) ? ring : this.read();
  }

  /** A file that cannot be read any more leaves the keys that there are. */
  private async read(): Promise<Keyring> {
    this.readAt = performance.now();
    try {
      this.ring = await this.file.keys();
    } catch (error) {
      if (!this.ring) throw error;
    }
    return this.ring;
  }
}
