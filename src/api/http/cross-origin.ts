import type { RequestHandler } from 'express';
import { MissionError } from '../../contracts/errors.js';
import type { HostPolicy } from '../shared/host-policy.js';

/** How long a browser may remember the answer to its question, in seconds. */
const REMEMBERED = '600';
const METHODS = 'GET, HEAD, POST';
/** What scripts of a page may read of an answer besides its body and type. */
const READABLE = 'retry-after, etag, content-disposition, content-length';

/**
 * Answers browsers that ask whether a page of another origin may call (CORS). Pages of `api.allowed_origins` may, and
 * may read the answers. Each request needs a key of its own all the same: no cookie or other credential is allowed.
 */
export const crossOrigin =
  (policy: HostPolicy): RequestHandler =>
  ({ method, headers }, response, next) => {
    const { origin } = headers;
    const asked = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    response.vary('Origin');
    if (!policy.isListed(origin)) return next(asked ? refusal(origin) : undefined);
    response.set({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': READABLE,
    });
    if (!asked) return next();
    response.vary('Access-Control-Request-Headers').set({
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers':
        headers['access-control-request-headers'] ?? 'authorization, content-type',
      'access-control-max-age': REMEMBERED,
    });
    response.status(204).end();
  };

const refusal = (origin: string | undefined) =>
  new MissionError(
    'permission_denied',
    `Pages of ${origin?.slice(0, 100) ?? '(none)'} may not call this API. Add the origin to api.allowed_origins in mission.yaml and restart.`,
  );
