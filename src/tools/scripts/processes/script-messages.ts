import { MissionError } from '../../../contracts/errors.js';
import type { Json, JsonObject } from '../../../contracts/json/json.js';
import { permits } from '../../../contracts/permission.js';
import { SECRET_RIGHT } from '../../../contracts/secret.js';
import type { LogLevel, ScriptCall } from '../../../contracts/script.js';
import type { CallOutput } from './call-output.js';

const LEVELS: readonly unknown[] = ['debug', 'info', 'warn', 'error'];
const MAX_SECRETS_AT_ONCE = 32;

/**
 * Whether a script may ask for secrets: its directive needs a permission tag,
 * even where its actor may read every secret.
 */
export const maySecret = ({ permissions }: Pick<ScriptCall, 'permissions'>): boolean =>
  permissions !== null && permits(permissions, SECRET_RIGHT);

/** Sends the answer to a frame as one line to the script. */
export type Answer = (text: string) => void;

/**
 * Handles the messages that a script sends during its call: log entries,
 * progress, heartbeats and requests for a secret.
 */
export class ScriptMessages {
  private asking = 0;

  constructor(
    private readonly call: ScriptCall,
    private readonly output: CallOutput,
    private readonly answer: Answer,
  ) {}

  /** Handles one frame; returns false for a frame of another kind. */
  take(frame: JsonObject, line: string): boolean {
    const { log, progress, heartbeat, secret } = frame;
    if (Array.isArray(log)) this.log(log, line);
    else if (Array.isArray(progress)) this.progress(progress, line);
    else if (heartbeat === true) this.call.onHeartbeat();
    else if (Array.isArray(secret)) void this.secret(secret, frame['raw'] === true);
    else return false;
    return true;
  }

  private log([level, message, data]: Json[], line: string): void {
    if (!this.output.count(line)) return;
    this.call.onLog(LEVELS.includes(level) ? (level as LogLevel) : 'info', String(message), data);
  }

  private progress([done, total, message]: Json[], line: string): void {
    if (!this.output.count(line) || !Number.isFinite(Number(done))) return;
    this.call.onProgress(
      Number(done),
      typeof total === 'number' ? total : undefined,
      typeof message === 'string' ? message : undefined,
    );
  }

  private async secret([number, name]: Json[], raw: boolean): Promise<void> {
    const answer = await this.ask(String(name));
    if (!raw) return this.answer(JSON.stringify({ answer: number, ...answer }));
    // Shell scripts can decode base64 but not JSON.
    const text =
      'value' in answer ? `+${base64(answer.value)}` : `-${base64(answer.error.message)}`;
    this.answer(text);
  }

  private async ask(
    name: string,
  ): Promise<{ value: string } | { error: { code: string; message: string } }> {
    this.asking += 1;
    try {
      if (!maySecret(this.call) || this.asking > MAX_SECRETS_AT_ONCE) throw notGranted(name);
      return { value: await this.call.secret(name) };
    } catch (thrown) {
      const { code, message } = thrown instanceof MissionError ? thrown : lost(name);
      return { error: { code, message } };
    } finally {
      this.asking -= 1;
    }
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

const notGranted = (name: string) =>
  new MissionError('permission_denied', `secret '${name}' is not granted to this script`);

const lost = (name: string) =>
  new MissionError('internal', `secret '${name}' cannot be read at the moment`);
