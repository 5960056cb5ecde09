import { CHANNELS } from '../../contracts/engine.js';
import { Listener } from '../../platform/database/listening/listener.js';
import type { Logger } from '../../platform/logger.js';
import type { SecretUses } from './secret-uses.js';
import type { Secrets } from './secrets.js';

/**
 * Teaches this worker's redactor the secrets that other workers use, or used before this one was started. A script may
 * write a secret to a file in one worker, and read it back in another.
 */
export class SecretWatch {
  private readonly listener: Listener;
  private catchingUp: Promise<void> = Promise.resolve();

  constructor(
    databaseUrl: string,
    private readonly secrets: Pick<Secrets, 'acquaint'>,
    private readonly uses: Pick<SecretUses, 'names'>,
    private readonly logger: Logger,
  ) {
    this.listener = new Listener(databaseUrl, CHANNELS.secrets, {
      onHint: (name) => void this.acquaint([name]),
      onConnected: () => {
        this.catchingUp = this.catchUp();
      },
    });
  }

  /** Resolves when the redactor knows all secrets that were used so far. */
  async start(): Promise<void> {
    await this.listener.start();
    await this.catchingUp;
  }

  async stop(): Promise<void> {
    await this.listener.stop();
    await this.catchingUp;
  }

  private async catchUp(): Promise<void> {
    const names = await this.uses.names().catch((error: Error) => this.warn(error, 'used secrets'));
    await this.acquaint(names ?? []);
  }

  private async acquaint(names: string[]): Promise<void> {
    for (const name of names) {
      await this.secrets.acquaint(name).catch((error: Error) => this.warn(error, name));
    }
  }

  private warn(error: Error, what: string): undefined {
    this.logger.warn(
      { error: error.message },
      `${what}: the values cannot be read here, so they are not removed from logs`,
    );
  }
}
