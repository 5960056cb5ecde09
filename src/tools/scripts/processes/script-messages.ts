import { MissionError } from '../../../contracts/errors.js';
import type { Json, JsonObject } from '../../../contracts/json/json.js';
import { permits } from '../../../contracts/permission.js';
import { SECRET_RIGHT } from '../../../contracts/secret.js';
import type { LogLevel, ScriptCall } from '../../../contracts/script.js';
import type { CallOutput } from './call-output.js';

const LEVELS: readonly unknown[] = ['debug', 'info', 'warn', 'error'];
const MAX_SECRETS_AT_ONCE = 32;

/** Whether a script may ask for secrets: it needs a tag, even where its actor may read every secret. */
export const maySecret = ({ permissions }: Pick<ScriptCall, 'permissions'>): boolean =>
  permissions !== null && permits(permissions, SECRET_RIGHT);

/** The answer to a frame, as a line for the script; undefined where there is none. */
export type Answer = (text: string) => void;

/** What a script tells during its call: log, progress, a sign of life, a wish for a secret. */
export class ScriptMessages {
  private asking = 0;

  constructor(
    private readonly call: ScriptCall,
    private readonly output: CallOutput,
    private readonly answer: Answer,
  ) {}

  /** False = the frame is of none of these kinds. */
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
    const told = await this.ask(String(name));
    if (!raw) return this.answer(JSON.stringify({ answer: number, ...told }));
    // For shells, which can read base64 and no JSON.
    const text = 'value' in told ? `+${base64(told.value)}` : `-${base64(told.error.message)}`;
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

const lost = (name: string) => new MissionError('internal', `secret '${name}' cannot be read now`);
