import type { ShownProgress, StepPlace } from '../../contracts/run/place.js';
import type { Journal } from '../../runs/journal/journal.js';

/** Minimum time between two writes. The progress of a step that ends sooner is never written. */
const EVERY_MS = 150;

/** A running attempt of a step. */
export interface StepAtWork extends StepPlace {
  name: string;
  kind: string;
  attempt: number;
  /** Epoch milliseconds. */
  started_ms: number;
}

/** Writes the progress of the steps of one activity. */
export class StepProgress {
  constructor(
    private readonly journal: Pick<Journal, 'showProgress'>,
    private readonly runId: string,
    private readonly fused: boolean,
  ) {}

  begin(step: StepAtWork): ProgressOfStep {
    return new ProgressOfStep((progress) =>
      this.journal.showProgress(this.runId, { ...step, fused: this.fused }, progress),
    );
  }
}

/** The progress of one attempt of one step. */
export class ProgressOfStep {
  private last: Omit<ShownProgress, 'at'> = { done: 0, total: null, message: null };
  private at = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private shown = false;

  constructor(private readonly write: (progress: ShownProgress) => Promise<void>) {}

  set(progress: Omit<ShownProgress, 'at'>): void {
    this.last = progress;
    this.beat();
  }

  /** Writes a new time with the last progress: the step is alive. */
  beat(): void {
    this.at = Date.now();
    this.timer ??= setTimeout(() => this.flush(), EVERY_MS);
  }

  /** Writes the last progress if an earlier one was written. Must be called before the step's row is closed. */
  async end(): Promise<void> {
    if (this.timer && this.shown) this.flush();
    clearTimeout(this.timer);
    await this.writing;
  }

  /** Never fails: progress that cannot be written fails no step. */
  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.shown = true;
    const progress = { ...this.last, at: new Date(this.at).toISOString() };
    this.writing = this.writing.then(() => this.write(progress)).catch(() => undefined);
  }
}
