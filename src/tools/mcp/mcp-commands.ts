import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { toStepError } from '../../contracts/errors.js';
import { CHANNELS } from '../../contracts/engine.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { Redactor } from '../../platform/redaction/redactor.js';
import { Listener } from '../../platform/database/listening/listener.js';

/** A row of `mcp_commands` that this worker is to execute. */
export interface McpCommand {
  id: string;
  server: string;
  command: 'reconnect' | 'call';
  parameters: JsonObject;
}

const POLL_MS = 1_000;
const MAX_RUNNING = 16;
const OPEN = `SELECT id, server, command, parameters FROM mcp_commands
  WHERE worker_id = $1 AND completed_at IS NULL AND NOT (id = ANY($2))
    AND created_at + (parameters->>'timeout_ms')::float8 * interval '1 ms' > now()
  ORDER BY created_at LIMIT $3`;

/**
 * Executes the commands addressed to this worker, each once. A notification
 * makes it poll at once.
 */
export class McpCommands {
  private readonly listener: Listener;
  private readonly running = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly workerId: string,
    private readonly execute: (command: McpCommand) => Promise<Json>,
    private readonly redactor: Redactor,
    private readonly logger: Logger,
  ) {
    const url = (dataSource.options as { url: string }).url;
    const poll = () => this.poll();
    this.listener = new Listener(url, CHANNELS.mcp, { onHint: poll, onConnected: poll });
  }

  async start(): Promise<void> {
    this.timer = setInterval(() => this.poll(), POLL_MS);
    await this.listener.start();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.listener.stop();
    await this.polling;
    await Promise.all(this.running.values());
  }

  private poll(): void {
    this.polling ??= this.take()
      .catch((error: Error) =>
        this.logger.warn({ error: error.message }, 'MCP commands: no answer'),
      )
      .finally(() => (this.polling = undefined));
  }

  private async take(): Promise<void> {
    const room = MAX_RUNNING - this.running.size;
    if (room <= 0) return;
    const known = [...this.running.keys()];
    const rows: McpCommand[] = await this.dataSource.query(OPEN, [this.workerId, known, room]);
    for (const row of rows) this.running.set(row.id, this.run(row));
  }

  private async run(command: McpCommand): Promise<void> {
    const outcome = await this.execute(command).then(
      (value) => ({ ok: true, value: this.redactor.json(value) }),
      (error: unknown) => ({ ok: false, error: toStepError(this.redactor.error(error)) }),
    );
    await this.dataSource
      .query(`UPDATE mcp_commands SET outcome = $2, completed_at = now() WHERE id = $1`, [
        command.id,
        JSON.stringify(outcome),
      ])
      .catch((error: Error) =>
        this.logger.warn(
          { error: error.message },
          'the outcome of an MCP command could not be stored',
        ),
      );
    this.running.delete(command.id);
  }
}
