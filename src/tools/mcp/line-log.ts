const MAX_LINES = 20;
const MAX_LINE = 2_000;
const INTERVAL_MS = 1_000;

/**
 * Collects a server's output besides messages and writes it once a second: at
 * most 20 lines, and the number of further ones.
 */
export class LineLog {
  /** The last line that was not blank. */
  last: string | undefined;

  private rest = '';
  private lines: string[] = [];
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly write: (lines: string[], dropped: number) => void) {}

  /** Takes a piece of a stream. */
  readonly push = (text: string): void => {
    const pieces = (this.rest + text).split(/\r?\n/);
    this.rest = pieces.pop()!.slice(0, MAX_LINE);
    for (const piece of pieces) this.add(piece);
  };

  add(piece: string): void {
    const line = piece.slice(0, MAX_LINE).trimEnd();
    if (line === '') return;
    this.last = line;
    if (this.lines.length < MAX_LINES) this.lines.push(line);
    else this.dropped += 1;
    this.timer ??= setTimeout(() => this.flush(), INTERVAL_MS).unref();
  }

  /** Writes the remaining lines, an unfinished last one included. */
  end(): void {
    this.add(this.rest);
    this.rest = '';
    this.flush();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lines.length > 0) this.write(this.lines, this.dropped);
    [this.lines, this.dropped] = [[], 0];
  }
}
