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

/** A line on the protocol pipe is a result of at most 1 MiB and a little around it. */
const MAX_FRAME = MAX_OUTPUT_BYTES + 64 * 1024;

interface Pending {
  id: number | null;
  output: CallOutput;
  call?: ScriptCall;
  told?: ScriptMessages;
  resolve(result: JsonObject): void;
  reject(error: Error): void;
}

/**
 * One warm process that holds one loaded script and runs one call at a time.
 *
 * Frames to it: `{id, inputs, context}`, `{answer: n, value|error}`. Frames from it: `{ready}` once,
 * `{print: [1|2, text]}`, `{log: [level, message, data]}`, `{progress: [done, total, message]}`,
 * `{heartbeat: true}`, `{secret: [n, name]}` during a call, and at its end `{id, result}` or `{id, error}` with `rss` (bytes), `left` (what the call left open) and
 * `files` (imported project files, when they grew).
 */
export class Runner {
  /** Settles when the script is loaded; rejects with the error of loading it. */
  readonly ready: Promise<void>;
  /** Resolves when the process, its children and its directories are gone. */
  readonly ended: Promise<void>;
  readonly startedAt = Date.now();
  idleSince = Date.now();
  calls = 0;
  /** Why it must not be used again. */
  worn: string | undefined;
  private pending: Pending | undefined;
  private hasEnded = false;
  /** Why we stopped it; what the call under way ends with. */
  private verdict: Error | undefined;
  private baseRss: number | undefined;
  private rss = 0;

  constructor(
    private readonly script: ProjectScript,
    private readonly group: ProcessGroup,
    /** Its directories; gone when it has ended. */
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
      this.worn ??= 'it ended';
      this.fail(
        (stderr) => this.verdict ?? scriptFailure.ended(script.name, ending, stderr, { confines }),
      );
    });
  }

  get pid(): number | undefined {
    return this.group.child.pid;
  }

  /** Bytes that it holds beyond what it had when the script was loaded. */
  get memoryGrowth(): number {
    return this.rss - (this.baseRss ?? this.rss);
  }

  /** Runs one call; never while another is under way. */
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
    this.worn ??= 'it was stopped';
    this.group.kill();
  }

  /** Stops it because the script's top level does not end. */
  giveUpLoading(ms: number): void {
    this.giveUp(scriptFailure.notLoaded(this.script.name, ms));
  }

  private expect(pending: Omit<Pending, 'output' | 'told'>): void {
    const log = pending.call ?? { onLog: () => undefined };
    const onFlood = () => this.giveUp(scriptFailure.flood(this.script.name, MAX_OUTPUT_BYTES));
    const output = new CallOutput(log, onFlood);
    const told = pending.call && new ScriptMessages(pending.call, output, (text) => this.say(text));
    this.pending = { ...pending, output, ...(told && { told }) };
  }

  private say(line: string): void {
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
    if (this.worn) return;
    let frame: Json;
    try {
      frame = parseRunnerFrame(line);
    } catch {
      return this.giveUp(this.garbled(line.slice(0, 200)));
    }
    if (!isObject(frame)) return this.giveUp(this.garbled(line.slice(0, 200)));
    if ('id' in frame || 'ready' in frame) this.onAnswer(frame);
    else this.onTold(frame, line);
  }

  private onTold(frame: JsonObject, line: string): void {
    const { print } = frame;
    if (Array.isArray(print)) {
      this.pending?.output[print[0] === 2 ? 'stderr' : 'stdout'](String(print[1]));
    } else this.pending?.told?.take(frame, line);
  }

  private onAnswer(frame: JsonObject): void {
    this.note(frame);
    const { pending } = this;
    if (!pending || (frame['id'] ?? null) !== pending.id) return;
    if (isObject(frame['error'])) {
      const told = frame['error'];
      return this.fail((stderr) => thrownError(told, stderr, this.confines));
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
    if (typeof left === 'string') this.worn = `it left open: ${left}`;
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

  /** Ends the process, and the call with this error when it is gone. */
  giveUp(error: Error): void {
    this.verdict ??= error;
    this.kill();
  }

  private garbled(seen: string): Error {
    return scriptFailure.invalid(this.script.name, `garbled its runner's protocol: ${seen}`);
  }
}
