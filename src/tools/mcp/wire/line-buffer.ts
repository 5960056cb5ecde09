const NEWLINE = 0x0a;

/** Splits a stream of bytes into lines. */
export class LineBuffer {
  private pieces: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /**
   * Returns the lines that are complete now, without their ends.
   * @throws RangeError when a line is over the limit
   */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.keep(chunk.subarray(from, at));
      lines.push(this.take());
      from = at + 1;
    }
    this.keep(chunk.subarray(from));
    return lines;
  }

  /** The unfinished line, as text. */
  get rest(): string {
    return Buffer.concat(this.pieces).toString('utf8');
  }

  clear(): void {
    this.pieces = [];
    this.bytes = 0;
  }

  private keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.bytes += piece.length;
    if (this.bytes > this.maxBytes) {
      this.clear();
      throw new RangeError(`a line over ${this.maxBytes} bytes`);
    }
    this.pieces.push(piece);
  }

  private take(): string {
    const line = this.rest.replace(/\r$/, '');
    this.clear();
    return line;
  }
}
