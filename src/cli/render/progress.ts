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
/** So many failures inside loops are told one by one; then they are counted only. */
const MOST_FAILURES = 5;
/** Goes to the beginning of the line, and empties it. */
const EMPTY_LINE = '\r\u001b[2K';
/** A log is read later, and keeps every line. */
const WITHIN_MS = { terminal: 1_000, log: 5_000 };
const MOST_MESSAGE = 100;

/** For a command that waits for a run. Under `--json` it says nothing of what is within steps. */
export const progressFor = (session: Session): Progress =>
  new Progress(session.io.err, Date.now, !session.json);

/**
 * Writes a line for each step that begins or ends, and for the first failures inside loops. How far a step says that
 * it is, and how many steps inside loops are done, is one line that is redrawn at a terminal; elsewhere a line now and
 * then.
 */
export class Progress {
  private readonly ended = new Set<string>();
  private readonly started = new Set<string>();
  private readonly waiting = new Set<string>();
  private readonly loop = { done: 0, failed: 0, told: -1 };
  private readonly within: Throttle;
  /** Columns of the terminal; undefined where it is none. */
  private readonly columns: number | undefined;
  /** The line that is redrawn stands there. */
  private drawn = false;

  /** @param tellsWithin whether it writes how far steps say that they are */
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

  /** Takes note of a step; the same news twice writes nothing. */
  step(step: StepEvent): void {
    const key = `${step.path} ${step.iteration ?? ''}`;
    if (this.ended.has(key)) return;
    if (!(step.status in MARKS)) return this.goOn(key, step);
    this.ended.add(key);
    this.within.drop(key);
    if (step.iteration && !undoes(step)) this.count(step);
    else this.end(step);
  }

  /** Takes the line away that is redrawn, before something else is written. */
  clear(): void {
    if (this.drawn) this.stream.write(EMPTY_LINE);
    this.drawn = false;
  }

  private goOn(key: string, step: StepEvent): void {
    if (step.status === 'WAITING') return this.wait(key, step);
    this.start(key, step);
    // Steps in loops share a place: there may be many at the same time.
    const place = step.iteration ? 'loops' : key;
    if (step.progress && this.tellsWithin) this.within.tell(place, key, lineOf(step));
  }

  /** What waits for people is told wherever it is: nothing goes on without them. */
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
    const time = step.status === 'SKIPPED' ? 'skipped' : duration(step.durationMs);
    const place = step.iteration ? `${step.name} [${step.iteration}]` : step.name;
    const undone = undoes(step);
    const purpose = undone === undefined ? '' : `  undoes ${undone}`;
    const error = step.error ? `  ${step.error.code}: ${step.error.message}` : '';
    this.write(
      `${this.paint(colour, mark)} ${place}  ${this.paint('dim', time)}${purpose}${error}`,
    );
  }

  private count(step: StepView): void {
    this.loop.done += 1;
    if (step.status === 'ERROR' && ++this.loop.failed <= MOST_FAILURES) this.end(step);
    const now = this.now();
    if (this.loop.told < 0) this.loop.told = now;
    if (now - this.loop.told < LOOP_MS) return;
    this.loop.told = now;
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

/** The step that a step of a compensation undoes; undefined for any other step. */
const undoes = ({ path }: StepView): string | undefined =>
  /^(.+)\/compensate\/[^/]+$/.exec(path)?.[1]?.split('/').at(-1);

/** `  fetch: 3 of 10, page three`; what the script says is one line without control characters. */
function lineOf({ name, iteration, progress }: StepEvent): string {
  const { done, total, message } = progress!;
  const count = [done, ...(total === null ? [] : [total])].map((each) => `${+each.toFixed(2)}`);
  const said = firstLine((message ?? '').trim(), MOST_MESSAGE)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  const place = iteration ? ` [${iteration}]` : '';
  return `  ${name}${place}: ${count.join(' of ')}${said && `, ${said}`}`;
}
