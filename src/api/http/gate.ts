import type { Request, RequestHandler } from 'express';
import { MissionError } from '../../contracts/errors.js';

/** A request that holds one of a {@link Gate}'s places. */
export interface GatedRequest extends Request {
  /** Gives the place back early; otherwise it comes back when the response closes. */
  leave?: () => void;
}

/** How long a request waits for a place. */
const PATIENCE_MS = 20_000;

/** Lets so many requests work at the same time, so many more wait for a while, and refuses the rest. */
export class Gate {
  private inside = 0;
  private readonly queue = new Set<() => void>();

  constructor(
    private readonly places: number,
    private readonly seats: number,
  ) {}

  /** The gate as a handler; to be run before the body is read, so that only those inside hold one. */
  readonly handler: RequestHandler = (request: GatedRequest, response, next) => {
    const enter = () => {
      this.inside += 1;
      request.leave = this.once();
      response.once('close', request.leave);
      next();
    };
    if (this.inside < this.places) return enter();
    if (this.queue.size >= this.seats) return next(refusal());
    const leaveQueue = this.wait(enter, () => next(refusal()));
    response.once('close', leaveQueue);
  };

  private wait(enter: () => void, refuse: () => void): () => void {
    const leave = () => {
      clearTimeout(timer);
      this.queue.delete(turn);
    };
    const turn = () => {
      leave();
      enter();
    };
    const timer = setTimeout(() => {
      leave();
      refuse();
    }, PATIENCE_MS);
    this.queue.add(turn);
    return leave;
  }

  private once(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.inside -= 1;
      const [turn] = this.queue;
      turn?.();
    };
  }
}

const refusal = () =>
  new MissionError(
    'too_many_requests',
    'Too many requests are waiting already. Try again in a second.',
  );
