import type { Readable, Writable } from 'node:stream';

import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { ProjectScript, ScriptCall, ScriptContext } from '../../../contracts/script.js';
import { CallOutput, MAX_OUTPUT_BYTES } from './call-output.js';
import type { Confines } from '../../../sandbox/confines.js';
import { LineReader } from './line-reader.js';
import type { ProcessGroup } from '../../../sandbox/processes/process-group.js';
import type { ScratchHome } from '../../../sandbox/files/scratch.js';
import { scriptFailure } from './script-failure.js';
import { parseRunnerFrame } from './script-json.js';
import { toResult } from './script-result.js';
import { thrownError } from './thrown-error.js';
import { ScriptMessages } from './script-messages.js';

/**
 * A line on the protocol pipe holds a result of at most 1 MiB and a small
 * envelope.
 */
const MAX_FRAME = MAX_OUTPUT_BYTES + 64 * 1024;

interface Pending {
  id: number | null;
  output: CallOutput;
  call?: ScriptCall;
  messages?: ScriptMessages;
  resolve(result: JsonObject): void;
  reject(error: Error): void;
}

/**
 * One warm process that holds one loaded script and runs one call at a time.
 *
 * Frames to the process: `{id, inputs, context}`, `{answer: n, value|error}`.
 * Frames from the process: `{ready}` once, `{print: [1|2, text]}`, `{log:
 * [level, message, data]}`, `{progress: [done, total, message]}`, `{heartbeat:
 * true}`, `{secret: [n, name]}` during a call, and at its end `{id, result}` or
 * `{id, error}` with `rss` (bytes), `left` (what the call left open) and
 * `files` (imported project files, when the list grew).
 */
export class Runner {
  /**
   * Resolves when the script is loaded; rejects with the error of loading it.
   */
  readonly ready: Promise<void>;
  /** Resolves when the process, its children and its directories are gone. */
  readonly ended: Promise<void>;
  readonly startedAt = Date.now();
  idleSince = Date.now();
  calls = 0;
  /** The reason why the runner must not be used again. */
  unusable: string | undefined;
  private pending: Pending | undefined;
  private hasEnded = false;
  /** The error of the current call when this class stopped the process. */
  private verdict: Error | undefined;
  private baseRss: number | undefined;
  private rss = 0;

  constructor(
    private readonly script: ProjectScript,
    private readonly group: ProcessGroup,
    /** The process's directories; removed when it has ended. */
    readonly home: ScratchHome,
    readonly confines: Confines,
    private readonly onFiles: (files: string[]) => void,
  ) {
    this.ready = new Promise((resolve, reject) =>
      this.expect({ id: null, resolve: () => resolve(), reject }),
    );
    this.listen();
    this.ended = group.ended.then(() => home.close()).catch(() => undefined);
    void group.ended.then((ending) => {
      this.hasEnded = true;
      this.unusable ??= 'it ended';
      this.fail(
        (stderr) => this.verdict ?? scriptFailure.ended(script.name, ending, stderr, { confines }),
      );
    });
  }

  get pid(): number | undefined {
    return this.group.child.pid;
  }

  /** Bytes of memory beyond those at the time the script was loaded. */
  get memoryGrowth(): number {
    return this.rss - (this.baseRss ?? this.rss);
  }

  /** Runs one call. Do not call it while another call is running. */
  run(call: ScriptCall, context: ScriptContext): Promise<JsonObject> {
    const id = ++this.calls;
    this.confines.begin();
    const line = `${JSON.stringify({ id, inputs: call.inputs, context })}\n`;
    const lost = () => scriptFailure.lost(this.script.name);
    return new Promise((resolve, reject) => {
      if (this.hasEnded) return reject(lost());
      this.expect({ id, call, resolve, reject });
      (this.group.stdio[3] as Writable).write(line, (error) => {
        if (error) this.verdict ??= lost();
      });
    });
  }

  kill(): void {
    this.unusable ??= 'it was stopped';
    this.group.kill();
  }

  /** Stops the runner because the script's top level does not end. */
  giveUpLoading(ms: number): void {
    this.giveUp(scriptFailure.notLoaded(this.script.name, ms));
  }

  private expect(pending: Omit<Pending, 'output' | 'messages'>): void {
    const log = pending.call ?? { onLog: () => undefined };
    const onFlood = () => this.giveUp(scriptFailure.flood(this.script.name, MAX_OUTPUT_BYTES));
    const output = new CallOutput(log, onFlood);
    const messages =
      pending.call && new ScriptMessages(pending.call, output, (text) => this.send(text));
    this.pending = { ...pending, output, ...(messages && { messages }) };
  }

  private send(line: string): void {
    if (!this.hasEnded) (this.group.stdio[3] as Writable).write(`${line}\n`);
  }

  private listen(): void {
    const [, stdout, stderr, , answers] = this.group.stdio as (Readable | undefined)[];
    stdout?.setEncoding('utf8').on('data', (text) => this.pending?.output.stdout(text));
    stderr?.setEncoding('utf8').on('data', (text) => this.pending?.output.stderr(text));
    const frames = new LineReader((line) => this.onFrame(line));
    answers?.setEncoding('utf8').on('data', (text: string) => {
      frames.push(text);
      if (frames.pending > MAX_FRAME)
        this.giveUp(this.garbled(`more than ${MAX_FRAME} characters`));
    });
  }

  private onFrame(line: string): void {
    if (this.unusable) return;
    let frame: Json;
    try {
      frame = parseRunnerFrame(line);
    } catch {
      return this.giveUp(this.garbled(line.slice(0, 200)));
    }
    if (!isObject(frame)) return this.giveUp(this.garbled(line.slice(0, 200)));
    if ('id' in frame || 'ready' in frame) this.onAnswer(frame);
    else this.onMessage(frame, line);
  }

  private onMessage(frame: JsonObject, line: string): void {
    const { print } = frame;
    if (Array.isArray(print)) {
      this.pending?.output[print[0] === 2 ? 'stderr' : 'stdout'](String(print[1]));
    } else this.pending?.messages?.take(frame, line);
  }

  private onAnswer(frame: JsonObject): void {
    this.note(frame);
    const { pending } = this;
    if (!pending || (frame['id'] ?? null) !== pending.id) return;
    if (isObject(frame['error'])) {
      const failure = frame['error'];
      return this.fail((stderr) => thrownError(failure, stderr, this.confines));
    }
    this.finish();
    try {
      pending.resolve(toResult(this.script.name, frame['result'] as Json));
    } catch (error) {
      pending.reject(error as Error);
    }
  }

  private note({ rss, left, files }: JsonObject): void {
    if (typeof rss === 'number') this.rss = rss;
    this.baseRss ??= this.rss;
    if (typeof left === 'string') this.unusable = `it left open: ${left}`;
    if (Array.isArray(files)) this.onFiles(files.map(String));
  }

  private fail(error: (stderr: string) => Error): void {
    const { pending } = this;
    this.finish();
    pending?.reject(error(pending.output.stderrTail));
  }

  private finish(): void {
    this.pending?.output.end();
    this.pending = undefined;
    this.idleSince = Date.now();
  }

  /**
   * Kills the process; the call rejects with this error when the process has
   * ended.
   */
  giveUp(error: Error): void {
    this.verdict ??= error;
    this.kill();
  }

  private garbled(seen: string): Error {
    return scriptFailure.invalid(
      this.script.name,
      `wrote to its runner's protocol channel: ${seen}`,
    );
  }
}
