import { Client } from 'pg';

const RECONNECT_MS = 500;

/** The callbacks of a {@link Listener}. */
export interface ListenerEvents {
  /** Called for each NOTIFY on the channel. `about`: its payload, which may be empty. */
  onHint(about: string): void;
  /** Called after each LISTEN, also after a lost connection: hints may have been missed before. */
  onConnected(): void;
}

/** Listens on one Postgres channel, on the connection that all listeners of the process share. */
export class Listener {
  private connection: SharedConnection | undefined;

  constructor(
    private readonly url: string,
    readonly channel: string,
    readonly events: ListenerEvents,
  ) {}

  /** Resolves when the channel is listened to, or when the first attempt has failed; further attempts follow. */
  async start(): Promise<void> {
    this.connection = SharedConnection.to(this.url);
    await this.connection.join(this);
  }

  async stop(): Promise<void> {
    await this.connection?.leave(this);
    this.connection = undefined;
  }
}

/**
 * The connection on which a process LISTENs to a database, for all of its listeners; it reconnects when it is lost.
 * One connection serves all because each NOTIFY wakes every connection that listens, to whatever channel.
 */
class SharedConnection {
  private static readonly open = new Map<string, SharedConnection>();
  private readonly listeners = new Set<Listener>();
  private client: Client | undefined;
  private connecting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly url: string) {}

  static to(url: string): SharedConnection {
    const connection = SharedConnection.open.get(url) ?? new SharedConnection(url);
    SharedConnection.open.set(url, connection);
    return connection;
  }

  async join(listener: Listener): Promise<void> {
    this.listeners.add(listener);
    if (this.client) await this.listen(this.client, listener);
    else await (this.connecting ??= this.connect());
  }

  async leave(listener: Listener): Promise<void> {
    if (!this.listeners.delete(listener) || this.listeners.size > 0) return;
    SharedConnection.open.delete(this.url);
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
    client.on('notification', ({ channel, payload }) => this.dispatch(channel, payload ?? ''));
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

  private dispatch(channel: string, about: string): void {
    for (const listener of this.listeners) {
      if (listener.channel === channel) listener.events.onHint(about);
    }
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    if (this.listeners.size === 0) return;
    this.timer = setTimeout(() => {
      this.connecting ??= this.connect();
    }, RECONNECT_MS);
  }
}
