interface Place {
  /** The last written line and the time when it was written. */
  line: string;
  at: number;
  /** The line to write when the interval is over. */
  next?: { of: string; line: string } | undefined;
  timer?: NodeJS.Timeout | undefined;
}

/**
 * Limits output of lines that supersede each other: for each place it writes
 * the newest line at most once per interval, and no line twice in a row.
 */
export class Throttle {
  private readonly places = new Map<string, Place>();

  constructor(
    private readonly everyMs: number,
    private readonly now: () => number,
    private readonly write: (line: string) => void,
  ) {}

  /** @param of key of the subject of the line; see {@link drop} */
  tell(name: string, of: string, line: string): void {
    const place = this.places.get(name) ?? { line: '', at: -Infinity };
    this.places.set(name, place);
    place.next = line === place.line ? undefined : { of, line };
    const left = place.at + this.everyMs - this.now();
    if (left <= 0) this.writeNext(place);
    else place.timer ??= setTimeout(() => this.writeNext(place), left).unref();
  }

  /** Discards the pending lines about a subject, because they are outdated. */
  drop(of: string): void {
    for (const place of this.places.values()) if (place.next?.of === of) place.next = undefined;
  }

  private writeNext(place: Place): void {
    clearTimeout(place.timer);
    const { next } = place;
    place.timer = place.next = undefined;
    if (!next) return;
    place.line = next.line;
    place.at = this.now();
    this.write(next.line);
  }
}
