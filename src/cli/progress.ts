import type { StepView } from './views.js';
import { paint } from './io.js';
import { duration } from './render/duration.js';

const MARKS = {
  SUCCESS: ['green', '✓'],
  ERROR: ['red', '✗'],
  SKIPPED: ['dim', '-'],
  CANCELLED: ['yellow', '■'],
} as const;

const LOOP_MS = 1_000;

/** Writes a line for each step that ends, and at most one a second for the steps inside loops. */
export class Progress {
  private readonly ended = new Set<string>();
  private readonly started = new Set<string>();
  private readonly loop = { done: 0, failed: 0, told: -1 };

  constructor(
    private readonly stream: NodeJS.WritableStream,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes note of a step; the same news twice writes nothing. */
  step(step: StepView): void {
    const key = `${step.path} ${step.iteration ?? ''}`;
    if (this.ended.has(key)) return;
    if (!(step.status in MARKS)) return this.start(key, step);
    this.ended.add(key);
    if (step.iteration) this.count(step);
    else this.end(step);
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
    const error = step.error ? `  ${step.error.code}: ${step.error.message}` : '';
    this.write(`${this.paint(colour, mark)} ${step.name}  ${this.paint('dim', time)}${error}`);
  }

  private count(step: StepView): void {
    this.loop.done += 1;
    if (step.status === 'ERROR') this.loop.failed += 1;
    const now = this.now();
    if (this.loop.told < 0) this.loop.told = now;
    if (now - this.loop.told < LOOP_MS) return;
    this.loop.told = now;
    const failed = this.loop.failed ? `, ${this.loop.failed} failed` : '';
    this.write(this.paint('dim', `  in loops: ${this.loop.done} steps done${failed}`));
  }

  private paint(style: Parameters<typeof paint>[0], text: string): string {
    return paint(style, text, this.stream);
  }

  private write(line: string): void {
    this.stream.write(`${line}\n`);
  }
}
