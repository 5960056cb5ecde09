import type { Request, RequestHandler } from 'express';
import { MissionError } from '../../contracts/errors.js';

/** A request that holds one of a {@link Gate}'s places. */
export interface GatedRequest extends Request {
  /** Gives the place back early; otherwise it comes back when the response closes. */
  leave?: () => void;
}

/** Lets so many requests work at the same time, so many more wait, and refuses the rest. */
export class Gate {
  private inside = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly seats: number,
  ) {}

  /** The gate as a handler; to be run before the body is read, so that only those inside hold one. */
  readonly handler: RequestHandler = (request: GatedRequest, response, next) => {
    if (this.inside >= this.places && this.queue.length >= this.seats) return next(refusal());
    const enter = () => {
      this.inside += 1;
      request.leave = this.once();
      response.once('close', request.leave);
      next();
    };
    if (this.inside < this.places) return enter();
    this.queue.push(() => (response.closed ? this.admit() : enter()));
  };

  private once(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.inside -= 1;
      this.admit();
    };
  }

  private admit(): void {
    if (this.inside < this.places) this.queue.shift()?.();
  }
}

const refusal = () =>
  new MissionError(
    'too_many_requests',
    'Too many requests are waiting already. Try again in a second.',
  );
