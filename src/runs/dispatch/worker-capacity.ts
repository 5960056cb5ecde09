/** Counts the activities under way in a worker. The worker's dispatcher claims no starts while the count is at the maximum. */
export class WorkerCapacity {
  private active = 0;
  private room: () => void = () => {};

  constructor(private readonly most: number) {}

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.active++;
    try {
      return await work();
    } finally {
      const { full } = this;
      this.active--;
      if (full) this.room();
    }
  }

  get full(): boolean {
    return this.active >= this.most;
  }

  /** Sets the one listener, which is called when the worker was full and has room again. */
  onRoom(listener: () => void): void {
    this.room = listener;
  }
}
