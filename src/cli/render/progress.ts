import { paint } from '../terminal/io.js';
import { duration } from './duration.js';
import { firstLine } from './run.js';
import type { Session } from '../client/session.js';
import { Throttle } from '../terminal/throttle.js';
import type { StepEvent, StepView } from '../client/views.js';

const MARKS = {
  SUCCESS: ['green', '✓'],
  ERROR: ['red', '✗'],
  SKIPPED: ['dim', '-'],
  CANCELLED: ['yellow', '■'],
} as const;

const LOOP_MS = 1_000;
/**
 * Number of failures inside loops that are printed one by one; further ones are
 * only counted.
 */
const MOST_FAILURES = 5;
/** Escape sequence that returns to the start of the line and clears it. */
const EMPTY_LINE = '\r\u001b[2K';
/**
 * Interval of progress lines. It is longer in a log, because a log keeps every
 * line.
 */
const WITHIN_MS = { terminal: 1_000, log: 5_000 };
const MOST_MESSAGE = 100;

/**
 * The progress output of a command that follows a run. With `--json`, it omits
 * progress within steps.
 */
export const progressFor = (session: Session): Progress =>
  new Progress(session.io.err, Date.now, !session.json);

/**
 * Prints a line for each step that starts or ends, and for the first failures
 * inside loops. The progress within a step, and the number of finished steps
 * inside loops, is one line that a terminal redraws; elsewhere it is printed at
 * an interval.
 */
export class Progress {
  private readonly ended = new Set<string>();
  private readonly started = new Set<string>();
  private readonly waiting = new Set<string>();
  private readonly loop = { done: 0, failed: 0, drawnAt: -1 };
  private readonly within: Throttle;
  /** Columns of the terminal; undefined where the stream is not a terminal. */
  private readonly columns: number | undefined;
  /** Whether the redrawn line is currently shown. */
  private drawn = false;

  /** @param tellsWithin whether progress within steps is printed */
  constructor(
    private readonly stream: NodeJS.WritableStream,
    private readonly now: () => number = Date.now,
    private readonly tellsWithin = true,
  ) {
    const { isTTY, columns } = stream as Partial<NodeJS.WriteStream>;
    this.columns = isTTY ? (columns ?? 80) : undefined;
    const every = isTTY ? WITHIN_MS.terminal : WITHIN_MS.log;
    this.within = new Throttle(every, now, (line) => this.draw(line));
  }

  /** Prints a change of a step; a repeated event prints nothing. */
  step(step: StepEvent): void {
    const key = `${step.path} ${step.iteration ?? ''}`;
    if (this.ended.has(key)) return;
    if (!(step.status in MARKS)) return this.update(key, step);
    this.ended.add(key);
    this.within.drop(key);
    if (step.iteration && !undoes(step)) this.count(step);
    else this.end(step);
  }

  /** Removes the redrawn line, before other output. */
  clear(): void {
    if (this.drawn) this.stream.write(EMPTY_LINE);
    this.drawn = false;
  }

  private update(key: string, step: StepEvent): void {
    if (step.status === 'WAITING') return this.wait(key, step);
    this.start(key, step);
    // Steps in loops share one line, because many may run at the same time.
    const place = step.iteration ? 'loops' : key;
    if (step.progress && this.tellsWithin) this.within.tell(place, key, lineOf(step));
  }

  /**
   * Prints that a step waits. A question to people is printed inside loops as
   * well, because the run cannot continue without an answer.
   */
  private wait(key: string, step: StepView): void {
    const asks = step.kind === 'approve';
    if (this.waiting.has(key) || (step.iteration && !asks)) return;
    this.waiting.add(key);
    const place = step.iteration ? `${step.name} [${step.iteration}]` : step.name;
    const what = asks ? 'waits for an answer: mission approvals list' : 'waits';
    this.write(`${this.paint('cyan', '…')} ${place}  ${what}`);
  }

  private start(key: string, step: StepView): void {
    if (step.iteration || step.fused || step.status !== 'RUNNING') return;
    const again = `${key} ${step.attempt}`;
    if (this.started.has(again)) return;
    this.started.add(again);
    const attempt = step.attempt > 1 ? ` (attempt ${step.attempt})` : '';
    this.write(`${this.paint('cyan', '▸')} ${step.name}${attempt}`);
  }

  private end(step: StepView): void {
    const [colour, mark] = MARKS[step.status as keyof typeof MARKS];
    const time = timeOf(step);
    const place = step.iteration ? `${step.name} [${step.iteration}]` : step.name;
    const undone = undoes(step);
    const purpose = undone === undefined ? '' : `  compensates ${undone}`;
    const error = step.error ? `  ${step.error.code}: ${step.error.message}` : '';
    this.write(
      `${this.paint(colour, mark)} ${place}  ${this.paint('dim', time)}${purpose}${error}`,
    );
  }

  private count(step: StepView): void {
    this.loop.done += 1;
    if (step.status === 'ERROR' && ++this.loop.failed <= MOST_FAILURES) this.end(step);
    const now = this.now();
    if (this.loop.drawnAt < 0) this.loop.drawnAt = now;
    if (now - this.loop.drawnAt < LOOP_MS) return;
    this.loop.drawnAt = now;
    const failed = this.loop.failed ? `, ${this.loop.failed} failed` : '';
    this.draw(`  in loops: ${this.loop.done} steps done${failed}`);
  }

  private draw(line: string): void {
    if (this.columns === undefined) return this.write(this.paint('dim', line));
    this.clear();
    this.stream.write(this.paint('dim', line.slice(0, this.columns - 1)));
    this.drawn = true;
  }

  private paint(style: Parameters<typeof paint>[0], text: string): string {
    return paint(style, text, this.stream);
  }

  private write(line: string): void {
    this.clear();
    this.stream.write(`${line}\n`);
  }
}

/** The step that a compensation step undoes; undefined for any other step. */
const undoes = ({ path }: StepView): string | undefined =>
  /^(.+)\/compensate\/[^/]+$/.exec(path)?.[1]?.split('/').at(-1);

/**
 * Formats `  fetch: 3 of 10, page three`; the script's message is reduced to
 * one line without control characters.
 */
function lineOf({ name, iteration, progress }: StepEvent): string {
  const { done, total, message } = progress!;
  const count = [done, ...(total === null ? [] : [total])].map((each) => `${+each.toFixed(2)}`);
  const said = firstLine((message ?? '').trim(), MOST_MESSAGE)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  const place = iteration ? ` [${iteration}]` : '';
  return `  ${name}${place}: ${count.join(' of ')}${said && `, ${said}`}`;
}

function timeOf({ status, reusedFrom, durationMs }: StepView): string {
  if (reusedFrom) return 'reused';
  return status === 'SKIPPED' ? 'skipped' : duration(durationMs);
}
