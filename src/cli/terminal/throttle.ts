interface Place {
  /** What was written last, and when. */
  line: string;
  at: number;
  /** What is to be written when it is time. */
  next?: { of: string; line: string } | undefined;
  timer?: NodeJS.Timeout | undefined;
}

/** Writes lines that supersede each other: of each place the newest now and then, and none twice in a row. */
export class Throttle {
  private readonly places = new Map<string, Place>();

  constructor(
    private readonly everyMs: number,
    private readonly now: () => number,
    private readonly write: (line: string) => void,
  ) {}

  /** @param of what the line tells of; see {@link drop} */
  tell(name: string, of: string, line: string): void {
    const place = this.places.get(name) ?? { line: '', at: -Infinity };
    this.places.set(name, place);
    place.next = line === place.line ? undefined : { of, line };
    const left = place.at + this.everyMs - this.now();
    if (left <= 0) this.say(place);
    else place.timer ??= setTimeout(() => this.say(place), left).unref();
  }

  /** What waits to be told of it is not news any more. */
  drop(of: string): void {
    for (const place of this.places.values()) if (place.next?.of === of) place.next = undefined;
  }

  private say(place: Place): void {
    clearTimeout(place.timer);
    const { next } = place;
    place.timer = place.next = undefined;
    if (!next) return;
    place.line = next.line;
    place.at = this.now();
    this.write(next.line);
  }
}
