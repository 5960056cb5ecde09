import { Client } from 'pg';

const RECONNECT_MS = 500;

/** What a {@link Listener} tells of. */
export interface ListenerEvents {
  /** A hint arrived. `about`: what it says of itself, perhaps nothing. */
  onHint(about: string): void;
  /** Listening (again): hints may have been lost before. */
  onConnected(): void;
}

/** One connection that LISTENs on a channel, and connects again when it is lost. */
export class Listener {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly events: ListenerEvents,
  ) {}

  async start(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      keepAlive: true,
      application_name: 'mission-control listener',
    });
    this.client = client;
    client.on('notification', ({ payload }) => this.events.onHint(payload ?? ''));
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
      this.events.onConnected();
    } catch {
      this.lost(client);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private lost(client: Client): void {
    if (this.stopped || this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    this.timer = setTimeout(() => void this.start(), RECONNECT_MS);
  }
}
