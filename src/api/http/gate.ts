import type { Request, RequestHandler } from 'express';
import { MissionError } from '../../contracts/errors.js';

/** A request that a {@link Gate} has admitted. */
export interface GatedRequest extends Request {
  /** Frees the request's place early; otherwise the place is freed when the response closes. */
  leave?: () => void;
}

/** Milliseconds for which a request waits for a place before it is refused. */
const WAIT_MS = 20_000;

/** Admits `places` requests at a time, lets `seats` more wait for at most 20 s, and refuses the rest. */
export class Gate {
  private inside = 0;
  private readonly queue = new Set<() => void>();

  constructor(
    private readonly places: number,
    private readonly seats: number,
  ) {}

  /** The gate as middleware. It must run before the body is read, so that only admitted requests hold one in memory. */
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
    }, WAIT_MS);
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
