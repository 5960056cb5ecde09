import type { JournalRow } from '../../runs/journal/journal-row.js';

const MAX_ROWS = 500;

/**
 * Collects the rows of a segment for the journal. Rows that must be stored before the next step begins
 * are committed in the next turn of the event loop, together with those of parallel steps. The rest can
 * be committed with the segment's end. Commits run one at a time, and none runs after one has failed.
 */
export class JournalBuffer {
  private rows: JournalRow[] = [];
  private soon: NodeJS.Immediate | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly commit: (rows: JournalRow[]) => Promise<void>) {}

  /** `due`: the row must be committed before the next step begins. */
  add(row: JournalRow, due = false): void {
    this.rows.push(row);
    // Callers of `settle` and `flush` receive the failure of the commit.
    if (due) this.soon ??= setImmediate(() => void this.flush().catch(() => {}));
  }

  /** Resolves when all due rows are committed. */
  async settle(): Promise<void> {
    await (this.soon || this.rows.length > MAX_ROWS ? this.flush() : this.writing);
  }

  /** Resolves when all rows so far are committed. */
  flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  /** Removes and returns the rows whose commit has not begun. The caller must commit them. */
  take(): JournalRow[] {
    clearImmediate(this.soon);
    this.soon = undefined;
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  /** Resolves when the commits under way are done. */
  async written(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    const rows = this.take();
    if (rows.length > 0) await this.commit(rows);
  }
}
