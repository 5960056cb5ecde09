/** Cuts a stream of text into lines. */
export class LineReader {
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  /** Characters of the line that is not finished yet. */
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

  /** Gives out a last line that has no end. */
  end(): void {
    const last = this.rest;
    this.rest = '';
    if (last !== '') this.onLine(last);
  }
}
