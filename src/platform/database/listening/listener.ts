import { Client } from 'pg';

const RECONNECT_MS = 500;

/** What a {@link Listener} tells of. */
export interface ListenerEvents {
  /** A hint arrived. `about`: what it says of itself, perhaps nothing. */
  onHint(about: string): void;
  /** Listening (again): hints may have been lost before. */
  onConnected(): void;
}

/** Listens on a channel, on the one connection that its process has for that. */
export class Listener {
  private line: Line | undefined;

  constructor(
    private readonly url: string,
    readonly channel: string,
    readonly events: ListenerEvents,
  ) {}

  /** Resolves when it listens, or when the first attempt to has failed: there will be others. */
  async start(): Promise<void> {
    this.line = Line.to(this.url);
    await this.line.join(this);
  }

  async stop(): Promise<void> {
    await this.line?.leave(this);
    this.line = undefined;
  }
}

/**
 * A connection that LISTENs for all who want to hear of a database in this process, and connects again when it is
 * lost. Each NOTIFY wakes every connection that listens, whatever to.
 */
class Line {
  private static readonly open = new Map<string, Line>();
  private readonly listeners = new Set<Listener>();
  private client: Client | undefined;
  private connecting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly url: string) {}

  static to(url: string): Line {
    const line = Line.open.get(url) ?? new Line(url);
    Line.open.set(url, line);
    return line;
  }

  async join(listener: Listener): Promise<void> {
    this.listeners.add(listener);
    if (this.client) await this.listen(this.client, listener);
    else await (this.connecting ??= this.connect());
  }

  async leave(listener: Listener): Promise<void> {
    if (!this.listeners.delete(listener) || this.listeners.size > 0) return;
    Line.open.delete(this.url);
    clearTimeout(this.timer);
    await this.connecting;
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      keepAlive: true,
      application_name: 'mission-control listener',
    });
    client.on('notification', ({ channel, payload }) => this.hear(channel, payload ?? ''));
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    try {
      await client.connect();
      this.client = client;
      await Promise.all([...this.listeners].map((listener) => this.listen(client, listener)));
    } catch {
      this.client ??= client;
      this.lost(client);
    } finally {
      this.connecting = undefined;
    }
  }

  private async listen(client: Client, { channel, events }: Listener): Promise<void> {
    try {
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch {
      return this.lost(client);
    }
    events.onConnected();
  }

  private hear(channel: string, about: string): void {
    for (const listener of this.listeners) {
      if (listener.channel === channel) listener.events.onHint(about);
    }
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    if (this.listeners.size === 0) return;
    this.timer = setTimeout(() => (this.connecting ??= this.connect()), RECONNECT_MS);
  }
}
