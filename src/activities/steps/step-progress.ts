import type { ShownProgress, StepPlace } from '../../contracts/run/place.js';
import type { Journal } from '../../runs/journal/journal.js';

/** Steps that end before are not shown at work: their progress would be news of the past. */
const EVERY_MS = 150;

/** A step at work. */
export interface StepAtWork extends StepPlace {
  name: string;
  kind: string;
  attempt: number;
  /** Epoch milliseconds. */
  started_ms: number;
}

/** Writes how far the steps of one activity are, a few times a second. */
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

/** How far one attempt of one step is. */
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

  /** It is alive, and no further than it was. */
  beat(): void {
    this.at = Date.now();
    this.timer ??= setTimeout(() => this.flush(), EVERY_MS);
  }

  /** The step has ended; what was shown is brought up to date, before its row is closed. */
  async end(): Promise<void> {
    if (this.timer && this.shown) this.flush();
    clearTimeout(this.timer);
    await this.writing;
  }

  /** Never rejects: progress that cannot be shown fails no step. */
  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.shown = true;
    const progress = { ...this.last, at: new Date(this.at).toISOString() };
    this.writing = this.writing.then(() => this.write(progress)).catch(() => undefined);
  }
}
