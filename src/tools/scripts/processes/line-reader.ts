/** Splits a stream of text into lines. */
export class LineReader {
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  /** Number of characters of the unfinished line. */
  get pending(): number {
    return this.rest.length;
  }

  push(text: string): void {
    if (!text.includes('\n')) {
      this.rest += text;
      return;
    }
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.onLine(line);
  }

  /** Emits the unfinished last line. */
  end(): void {
    const last = this.rest;
    this.rest = '';
    if (last !== '') this.onLine(last);
  }
}
