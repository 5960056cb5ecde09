import type { StepNote } from '../contracts/run/segment.js';
import type { ActivityCalls } from './engine/activity-calls.js';
import { sizeOf } from './engine/payload-budget.js';

/**
 * Journal rows of steps that ended without an activity. They are written with the next call that writes rows anyway.
 */
export class StepNotes {
  private notes: StepNote[] = [];

  constructor(
    private readonly runId: string,
    private readonly calls: ActivityCalls,
  ) {}

  add(note: StepNote): void {
    this.notes.push(note);
  }

  /** Removes and returns all notes, for a call that writes them. */
  take(): StepNote[] {
    const notes = this.notes;
    this.notes = [];
    return notes;
  }

  get isEmpty(): boolean {
    return this.notes.length === 0;
  }

  write(): Promise<void> {
    return this.calls.local('run.notes', this.runId, this.take());
  }

  /**
   * Returns the notes for an activity's input. Notes over `bytes` are written first instead, since inputs fill the
   * history.
   */
  async takeAtMost(bytes: number): Promise<StepNote[]> {
    const notes = this.take();
    if (notes.length === 0 || sizeOf(notes) <= bytes) return notes;
    await this.calls.local('run.notes', this.runId, notes);
    return [];
  }
}
