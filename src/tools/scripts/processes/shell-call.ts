import { open } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';

import { isObject, type JsonObject } from '../../../contracts/json/json.js';
import type { ProjectScript, ScriptCall, ScriptContext } from '../../../contracts/script.js';
import { CallOutput, MAX_OUTPUT_BYTES } from './call-output.js';
import type { Confines } from '../../../sandbox/confines.js';
import { failedCommand, type FailedCommand } from './failed-command.js';
import type { Ending, ProcessGroup } from '../../../sandbox/processes/process-group.js';
import { scriptFailure } from './script-failure.js';
import { LineReader } from './line-reader.js';
import { parseScriptObject } from './script-json.js';
import { toResult } from './script-result.js';
import { ShellResult } from './shell-result.js';
import { thrownError } from './thrown-error.js';
import { ScriptMessages } from './script-messages.js';

/**
 * Runs one call of a shell script in its own process: `{inputs, context}` on
 * stdin; the last complete JSON object on stdout is the result, every other
 * line is log.
 */
export class ShellCall {
  private readonly output: CallOutput;
  private verdict: Error | undefined;
  /** The command that failed last; only bash reports it. */
  private failed: FailedCommand | undefined;
  private readonly result = new ShellResult((line) => this.output.log(line));

  constructor(
    private readonly script: ProjectScript,
    private readonly call: ScriptCall,
    private readonly group: ProcessGroup,
    private readonly confines: Confines,
  ) {
    this.output = new CallOutput(
      call,
      () => this.giveUp(scriptFailure.flood(script.name, MAX_OUTPUT_BYTES)),
      (line) => this.result.push(line),
    );
    const [, stdout, stderr] = group.stdio as (Readable | undefined)[];
    stdout?.setEncoding('utf8').on('data', (text) => this.output.stdout(text));
    stderr?.setEncoding('utf8').on('data', (text) => this.output.stderr(text));
    this.listen();
  }

  /** Sends the call to the process and waits for its end. */
  async run(context: ScriptContext): Promise<JsonObject> {
    (this.group.stdio[0] as Writable | undefined)?.end(
      `${JSON.stringify({ inputs: this.call.inputs, context })}\n`,
    );
    const ending = await this.group.ended;
    this.output.end();
    this.result.end();
    if (this.verdict) throw this.verdict;
    if (ending.code !== 0) throw this.failure(ending);
    const { problem, value } = this.result;
    if (problem !== undefined)
      throw scriptFailure.invalid(this.script.name, problem, this.output.stderrTail);
    return toResult(this.script.name, value);
  }

  /**
   * Reads the script's frames from descriptor 4, one per line; answers go to
   * descriptor 3.
   */
  private listen(): void {
    const [, , , answers, frames] = this.group.stdio as [0, 0, 0, Writable?, Readable?];
    const messages = new ScriptMessages(this.call, this.output, (line) =>
      answers?.write(`${line}\n`),
    );
    const lines = new LineReader((line) => {
      const frame = parseScriptObject(line);
      const failed = frame && failedCommand(frame, this.script.file);
      if (failed) this.failed = failed;
      else if (!frame || !messages.take(frame, line)) this.output.log(line);
    });
    frames?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(text);
      if (lines.pending > MAX_OUTPUT_BYTES) this.giveUp(tooLong(this.script.name));
    });
  }

  /**
   * Kills the process; the call rejects with this error when the process has
   * ended.
   */
  giveUp(error: Error): void {
    this.verdict ??= error;
    this.group.kill();
  }

  /**
   * The error of a script that failed. A script may describe its failure
   * itself: `{"error": {"message", "code", "retryable", "data"}}` as its last
   * object.
   */
  private failure(ending: Ending): Error {
    const described = this.result.value?.['error'];
    const { stderrTail } = this.output;
    return isObject(described) && ending.why === undefined
      ? thrownError({ ...described, faults: [] }, stderrTail)
      : scriptFailure.ended(this.script.name, ending, stderrTail, {
          confines: this.confines,
          ...(this.failed?.status === ending.code && { failed: this.failed }),
        });
  }
}

const tooLong = (name: string) => scriptFailure.flood(name, MAX_OUTPUT_BYTES);

/**
 * The command line for a shell script: the interpreter of its `#!` line,
 * otherwise `sh`. The file need not be executable.
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
