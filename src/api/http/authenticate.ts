import type { Request, RequestHandler } from 'express';
import type { KeyStore } from '../../access/key-store.js';
import type { Principal } from '../../access/principal.js';
import { MissionError } from '../../contracts/errors.js';

/** A request whose key was verified. */
export interface AuthenticatedRequest extends Request {
  principal?: Principal;
}

const OPEN = new Set(['/live', '/ready']);
const BEARER = /^Bearer\s+(\S+)$/i;

/** The key in an `Authorization: Bearer` header; undefined when there is none. */
export const bearerOf = (header: string | undefined): string | undefined =>
  BEARER.exec(header ?? '')?.[1];

/** Refuses every request without a valid key, except `/live` and `/ready`. It must run before the body is read. */
export const authenticate =
  (keys: KeyStore): RequestHandler =>
  (request: AuthenticatedRequest, _response, next) => {
    const key = bearerOf(request.headers.authorization);
    if (key === undefined) return next(OPEN.has(request.path) ? undefined : refusal());
    keys.verify(key).then((principal) => {
      request.principal = principal ?? undefined;
      next(principal || OPEN.has(request.path) ? undefined : refusal());
    }, next);
  };

const refusal = () =>
  new MissionError(
    'unauthenticated',
    'Send a valid API key as `Authorization: Bearer KEY`. The operator’s key is in the file operator.key in MISSION_HOME.',
  );
