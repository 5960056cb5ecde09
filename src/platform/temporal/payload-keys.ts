import type { KeyFile } from '../keys/key-file.js';
import type { Keyring } from '../keys/keyring.js';

/**
 * Interval at which the file is read: a new first key is used after this time.
 */
const EVERY_MS = 5_000;

/**
 * The keys of payloads. The file is read at an interval, and at once when an
 * unknown key is requested.
 */
export class PayloadKeys {
  private ring: Keyring | undefined;
  private readAt = -Infinity;

  constructor(private readonly file: KeyFile) {}

  /**
   * @throws MissionError `config_invalid` when the keys cannot be read and
   * never were
   */
  async current(): Promise<Keyring> {
    return this.ring && performance.now() - this.readAt < EVERY_MS ? this.ring : this.read();
  }

  /** Returns the keys; reads the file again if this key is not among them. */
  async with(id: string): Promise<Keyring> {
    const ring = await this.current();
    return ring.keys.some((key) => key.id === id) ? ring : this.read();
  }

  /**
   * Reads the file. If it has become unreadable, the known keys stay in use.
   */
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
