/** How much a worker does at once. Its dispatcher starts nothing new while that is enough. */
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

  /** Told once there is room again. */
  onRoom(listener: () => void): void {
    this.room = listener;
  }
}
