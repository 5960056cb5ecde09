import type { JournalRow } from '../../runs/journal/journal-row.js';

const MAX_ROWS = 500;

/**
 * The rows of a segment on their way to the journal. Rows that must be there before the next step
 * begins are committed in the next turn of the loop, with those of parallel steps; what is left at
 * the segment's end may share its commit. One commit at a time: after one that failed none succeeds.
 */
export class JournalBuffer {
  private rows: JournalRow[] = [];
  private soon: NodeJS.Immediate | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly commit: (rows: JournalRow[]) => Promise<void>) {}

  /** `due`: to be committed before the next step begins. */
  add(row: JournalRow, due = false): void {
    this.rows.push(row);
    // Who waits for the commit is told of its failure.
    if (due) this.soon ??= setImmediate(() => void this.flush().catch(() => {}));
  }

  /** Resolves when everything that is due is committed. */
  async settle(): Promise<void> {
    await (this.soon || this.rows.length > MAX_ROWS ? this.flush() : this.writing);
  }

  /** Resolves when everything so far is committed. */
  flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  /** What nobody has begun to commit; it is the caller's now. */
  take(): JournalRow[] {
    clearImmediate(this.soon);
    this.soon = undefined;
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  /** Resolves when nothing is being committed any more. */
  async written(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    const rows = this.take();
    if (rows.length > 0) await this.commit(rows);
  }
}
