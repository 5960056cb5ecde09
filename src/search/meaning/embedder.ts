import type { ReadyModel } from '../../platform/meaning/meaning-model.js';
import { EmbedderProcess } from './embedder-process.js';
import { DIMENSIONS, type Vector } from './vector.js';

export interface EmbedderOptions {
  /** The model to use; undefined while there is none. */
  model(): ReadyModel | undefined;
  /** Reports an end of the process that nobody wanted. */
  onEnd?(reason: string): void;
  /** Milliseconds until a process that does not answer is killed. */
  stuckMs?: number;
  /** Milliseconds before the first and the later restarts. */
  firstPauseMs?: number;
  longestPauseMs?: number;
  /** Milliseconds without a question after which the process is ended: it takes 220 MiB. */
  idleMs?: number;
}

interface Request {
  id: number;
  text: string;
  settle(vector: Vector | undefined): void;
}

const STUCK_MS = 10_000;
const START_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const IDLE_MS = 600_000;
/** A text on which the process ended this often is taken for its cause. */
const MOST_ENDS = 2;
const MAX_CHARACTERS = 2_000;

/**
 * Keeps one process that computes vectors, from the first question until none comes for long, and hands it one text at a
 * time: a query goes before what is learnt in the background. Whoever asks while the process is not there is told so.
 */
export class Embedder {
  private process: EmbedderProcess | undefined;
  private state: 'off' | 'starting' | 'ready' = 'off';
  private isClosed = false;
  private current: Request | undefined;
  private readonly urgent: Request[] = [];
  private readonly rest: Request[] = [];
  private readonly ends = new Map<string, number>();
  private nextId = 1;
  private failures = 0;
  private pausedUntil = 0;
  private watchdog: NodeJS.Timeout | undefined;
  private restart: NodeJS.Timeout | undefined;
  private idle: NodeJS.Timeout | undefined;
  private starting: (() => void)[] = [];
  /** True when somebody has waited for the present start in vain. */
  private isSlow = false;

  constructor(private readonly options: EmbedderOptions) {}

  /** True if an answer may be expected; starts the process where it can be started. */
  get isReady(): boolean {
    this.start();
    return this.state === 'ready';
  }

  /** Waits for a start that is under way, at most `ms`, and not for one that others have waited for in vain. */
  async ready(ms: number): Promise<boolean> {
    if (this.isReady) return true;
    if (this.state !== 'starting' || this.failures > 0 || this.isSlow) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.isSlow = true;
        resolve();
      }, ms).unref();
      this.starting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.isReady;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Starts the process, if there is a model, none runs, and no pause after a failure is under way. */
  start(): void {
    if (this.isClosed || this.process || Date.now() < this.pausedUntil) return;
    const model = this.options.model();
    if (!model) return;
    this.state = 'starting';
    const process = new EmbedderProcess(model.python, model.folder, {
      ready: () => this.loaded(),
      answer: (id, vector) => this.answer(id, vector),
      ended: (reason) => this.ended(process, reason),
    });
    this.process = process;
    this.watch(START_MS);
  }

  /** The vector of a text; undefined when the process is not there, or ends before it has answered. */
  embed(text: string, { isUrgent = false } = {}): Promise<Vector | undefined> {
    const known = this.ends.get(text) ?? 0;
    if (known >= MOST_ENDS) return Promise.resolve(new Float32Array(DIMENSIONS));
    if (!this.isReady) return Promise.resolve(undefined);
    return new Promise((settle) => {
      const request = { id: this.nextId++, text, settle };
      (isUrgent ? this.urgent : this.rest).push(request);
      this.pump();
    });
  }

  /** Ends the process; what was asked is answered with undefined. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.restart);
    clearTimeout(this.idle);
    this.process?.kill();
  }

  private loaded(): void {
    clearTimeout(this.watchdog);
    this.state = 'ready';
    this.settleStart();
    this.pump();
  }

  private pump(): void {
    if (this.current || this.state !== 'ready') return;
    clearTimeout(this.idle);
    this.current = this.urgent.shift() ?? this.rest.shift();
    if (!this.current) return this.waitForWork();
    this.process?.ask(this.current.id, this.current.text.slice(0, MAX_CHARACTERS));
    this.watch(this.options.stuckMs ?? STUCK_MS);
  }

  private settleStart(): void {
    this.isSlow = false;
    for (const settle of this.starting.splice(0)) settle();
  }

  private waitForWork(): void {
    const { process, options } = this;
    const end = (): void => {
      if (this.process !== process) return;
      this.process = undefined;
      this.state = 'off';
      process?.kill();
    };
    this.idle = setTimeout(end, options.idleMs ?? IDLE_MS).unref();
  }

  private answer(id: number, vector: Vector | undefined): void {
    const { current } = this;
    if (current?.id !== id) return;
    clearTimeout(this.watchdog);
    this.current = undefined;
    this.failures = 0;
    this.ends.delete(current.text);
    current.settle(vector);
    this.pump();
  }

  private watch(ms: number): void {
    clearTimeout(this.watchdog);
    const { process } = this;
    this.watchdog = setTimeout(() => process?.kill(), ms).unref();
  }

  private ended(process: EmbedderProcess, reason: string): void {
    if (this.process !== process) return;
    clearTimeout(this.watchdog);
    clearTimeout(this.idle);
    this.process = undefined;
    this.state = 'off';
    this.settleStart();
    if (this.current) this.blame(this.current.text);
    const open = [...(this.current ? [this.current] : []), ...this.urgent, ...this.rest];
    this.current = undefined;
    this.urgent.length = this.rest.length = 0;
    if (!this.isClosed) this.pause(reason);
    for (const { settle } of open) settle(undefined);
  }

  private blame(text: string): void {
    if (this.ends.size > 1_000) this.ends.clear();
    this.ends.set(text, (this.ends.get(text) ?? 0) + 1);
  }

  /** Waits longer after each failure in a row; any answer ends the row. */
  private pause(reason: string): void {
    const { firstPauseMs = FIRST_PAUSE_MS, longestPauseMs = LONGEST_PAUSE_MS } = this.options;
    const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** this.failures);
    this.failures += 1;
    this.pausedUntil = Date.now() + ms;
    this.restart = setTimeout(() => this.start(), ms + 1).unref();
    this.options.onEnd?.(reason);
  }
}
