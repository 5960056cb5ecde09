import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import type { ServerProcess } from '../../../sandbox/servers/server-process.js';
import { errorMessage, FAULT } from './error-message.js';
import { excerpt } from './excerpt.js';
import { FlowLimit } from './flow-limit.js';
import { LineBuffer } from './line-buffer.js';
import { OpenRequests } from './open-requests.js';
import { readLine, type ServerLine } from './server-line.js';

/** Options of the transport to a server's process. */
export interface StdioOptions {
  /** The server's command, for messages. */
  command: string;
  /** Absolute path of the working directory. */
  cwd: string;
  launch(): ServerProcess;
  onStderr(text: string): void;
  /** Called with a line of standard output that is not a message. */
  onOddLine(line: string): void;
}

type Unanswered = NonNullable<ServerLine['unanswered']>;

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const GRACE_MS = 1_000;
/**
 * A server that logs a truncated copy of its answer sends the complete one
 * within this time.
 */
const ANSWER_MS = 1_000;
/** Some servers do not end their last line; it is read after this time. */
const UNENDED_MS = 300;
const BRACE = 0x7d;

/**
 * An MCP server as a child process. Unlike the SDK's own transport it gives the
 * child a process group, so that wrappers such as npx end with all their
 * children, and it reports at once that the child has ended, and why.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** How the process ended, such as `exited with code 1`. */
  ending: string | undefined;
  /** Resolves when the process has ended and its output is read. */
  readonly gone: Promise<void>;
  /**
   * Null, because stderr is read elsewhere. The SDK recognises a stdio
   * transport by this property.
   */
  readonly stderr = null;

  private resolveGone!: () => void;
  private process: ServerProcess | undefined;
  private readonly buffer = new LineBuffer(MAX_MESSAGE_BYTES);
  private readonly open = new OpenRequests();
  private oddLine = '';
  private unended: NodeJS.Timeout | undefined;

  constructor(private readonly options: StdioOptions) {
    this.gone = new Promise((resolve) => (this.resolveGone = resolve));
  }

  get pid(): number | undefined {
    return this.process?.child.pid;
  }

  /**
   * The last output that was not a message, for people; empty when there was
   * none.
   */
  get heard(): string {
    return excerpt(this.buffer.rest) || this.oddLine;
  }

  async start(): Promise<void> {
    const { command, cwd, launch, onStderr } = this.options;
    const { child } = (this.process = this.launched(launch));
    child.on('exit', (code, signal) => this.exited(code, signal));
    child.on('close', () => this.closed());
    child.stdin.on('error', (error) => this.onerror?.(error));
    child.stderr.setEncoding('utf8').on('data', onStderr);
    const limit = new FlowLimit(child.stdout);
    child.stdout.on('data', (chunk: Buffer) => {
      limit.add(chunk.length);
      this.receive(chunk);
    });
    await once(child, 'spawn').catch(({ message }: Error) => {
      this.resolveGone();
      throw new Error(`${command} cannot be started in ${cwd}: ${message}`);
    });
    child.on('error', (error) => this.onerror?.(error));
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.process?.child.stdin;
    if (!stdin?.writable) throw new Error('Not connected');
    this.open.sent(message);
    if (!stdin.write(serializeMessage(message))) await once(stdin, 'drain');
  }

  /**
   * Closes the input, then sends SIGTERM, then SIGKILL; waits `graceMs` after
   * each.
   */
  async close(graceMs = GRACE_MS): Promise<void> {
    const child = this.process?.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.stdin.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await this.goneWithin(graceMs);
      if (this.ending === undefined) this.process?.kill(signal);
    }
    await this.goneWithin(graceMs);
  }

  async goneWithin(ms: number): Promise<void> {
    await Promise.race([this.gone, sleep(ms, undefined, { ref: false })]);
  }

  /** Launches the process. If that fails, nothing is left to wait for. */
  private launched(launch: StdioOptions['launch']): ServerProcess {
    try {
      return launch();
    } catch (error) {
      this.resolveGone();
      throw error;
    }
  }

  private receive(chunk: Buffer): void {
    let lines: string[];
    try {
      lines = this.buffer.push(chunk);
    } catch {
      this.ending = `sent a message over ${MAX_MESSAGE_BYTES} bytes and was stopped`;
      return this.process?.kill('SIGKILL');
    }
    for (const line of lines) this.read(line);
    clearTimeout(this.unended);
    if (chunk.at(-1) !== BRACE) return;
    this.unended = setTimeout(() => this.readUnended(), UNENDED_MS).unref();
  }

  private readUnended(): void {
    const { messages } = readLine(this.buffer.rest, this.open);
    if (messages.length > 0) this.buffer.clear();
    for (const message of messages) this.onmessage?.(message);
  }

  private read(line: string): void {
    const { messages, odd, unanswered } = readLine(line, this.open);
    if (odd) {
      this.oddLine = excerpt(line);
      this.options.onOddLine(line);
    }
    for (const message of messages) this.onmessage?.(message);
    if (unanswered) setTimeout(() => this.giveUp(unanswered), ANSWER_MS).unref();
  }

  private giveUp({ request, why }: Unanswered): void {
    if (!this.open.isOpen(request)) return;
    this.open.close(request);
    const message = `its answer to ${request.method} cannot be read: ${why}`;
    this.onmessage?.(errorMessage(request, message, FAULT.unreadable));
  }

  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.ending ??= this.process?.ending(code, signal);
    this.process?.kill('SIGKILL'); // what the process left behind holds its pipes open
    setTimeout(() => this.closed(), GRACE_MS).unref();
  }

  private closed(): void {
    this.oddLine = this.heard;
    clearTimeout(this.unended);
    this.buffer.clear();
    this.resolveGone();
    const { onclose } = this;
    this.onclose = undefined;
    onclose?.();
  }
}
