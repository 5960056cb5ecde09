import { open } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';

import { isObject, type JsonObject } from '../../contracts/json.js';
import type { ProjectScript, ScriptCall, ScriptContext } from '../../contracts/script.js';
import { CallOutput, MAX_OUTPUT_BYTES } from './call-output.js';
import type { Ending, ProcessGroup } from './process-group.js';
import { scriptFailure } from './script-failure.js';
import { LineReader } from './line-reader.js';
import { toResult } from './script-result.js';
import { Told } from './told.js';

/**
 * One call of a shell script in a process of its own: `{inputs, context}` on stdin; the last line of
 * stdout that is a JSON object is the result, every other line is log.
 */
export class ShellCall {
  private readonly output: CallOutput;
  private verdict: Error | undefined;
  private result: { line: string; value: JsonObject } | undefined;
  private lastLine = '';

  constructor(
    private readonly script: ProjectScript,
    private readonly call: ScriptCall,
    private readonly group: ProcessGroup,
  ) {
    this.output = new CallOutput(
      call,
      () => this.giveUp(scriptFailure.flood(script.name, MAX_OUTPUT_BYTES)),
      (line) => this.onLine(line),
    );
    const [, stdout, stderr] = group.stdio as (Readable | undefined)[];
    stdout?.setEncoding('utf8').on('data', (text) => this.output.stdout(text));
    stderr?.setEncoding('utf8').on('data', (text) => this.output.stderr(text));
    this.listen();
  }

  /** Feeds the call to the process and waits for its end. */
  async run(context: ScriptContext): Promise<JsonObject> {
    (this.group.stdio[0] as Writable | undefined)?.end(
      `${JSON.stringify({ inputs: this.call.inputs, context })}\n`,
    );
    const ending = await this.group.ended;
    this.output.end();
    if (this.verdict) throw this.verdict;
    if (ending.code !== 0) throw this.failure(ending);
    if (!this.result) throw this.noResult();
    return toResult(this.script.name, this.result.value);
  }

  /** Descriptor 4 takes the frames of runners, one a line; answers come on 3. */
  private listen(): void {
    const [, , , answers, frames] = this.group.stdio as [0, 0, 0, Writable?, Readable?];
    const told = new Told(this.call, this.output, (line) => answers?.write(`${line}\n`));
    const lines = new LineReader((line) => {
      const frame = parseObject(line);
      if (!frame || !told.take(frame, line)) this.output.log(line);
    });
    frames?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(text);
      if (lines.pending > MAX_OUTPUT_BYTES) this.giveUp(tooLong(this.script.name));
    });
  }

  /** Ends the process, and the call with this error when it is gone. */
  giveUp(error: Error): void {
    this.verdict ??= error;
    this.group.kill();
  }

  private onLine(line: string): void {
    if (line.trim() !== '') this.lastLine = line;
    const value = parseObject(line);
    if (!value) return this.output.log(line);
    if (this.result) this.output.log(this.result.line);
    this.result = { line, value };
  }

  /** A script may explain its exit: `{"error": {"message", "code", "retryable", "data"}}` as its last object. */
  private failure(ending: Ending): Error {
    const told = this.result?.value['error'];
    return isObject(told) && ending.why === undefined
      ? scriptFailure.thrown(told, this.output.stderrTail)
      : scriptFailure.ended(this.script.name, ending, this.output.stderrTail);
  }

  private noResult(): Error {
    const seen = this.lastLine
      ? `printed no line that is a JSON object; its last line was: ${this.lastLine.slice(0, 200)}`
      : 'printed nothing; its last line must be the result as a JSON object, {} for none';
    return scriptFailure.invalid(this.script.name, seen, this.output.stderrTail);
  }
}

const tooLong = (name: string) => scriptFailure.flood(name, MAX_OUTPUT_BYTES);

function parseObject(line: string): JsonObject | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The command for a shell script: what its `#!` line names, else `sh`. The file need not be executable.
 * @throws MissionError `script_not_available` when the file cannot be read
 */
export async function shellCommand({ name, file }: ProjectScript): Promise<string[]> {
  const handle = await open(file).catch(() => {
    throw scriptFailure.missing(name, file);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    const head = buffer.toString('utf8', 0, bytesRead).split('\n')[0]!;
    const interpreter = head.startsWith('#!') ? head.slice(2).trim().split(/\s+/) : [];
    return [...(interpreter[0] ? interpreter : ['sh']), file];
  } finally {
    await handle.close();
  }
}
