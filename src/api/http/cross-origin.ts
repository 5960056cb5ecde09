import type { RequestHandler } from 'express';
import { MissionError } from '../../contracts/errors.js';
import type { HostPolicy } from '../shared/host-policy.js';

/** Seconds for which a browser may cache the answer to a preflight request. */
const PREFLIGHT_SECONDS = '600';
const METHODS = 'GET, HEAD, POST';
/** The response headers that the scripts of a page may read. */
const EXPOSED_HEADERS = 'retry-after, etag, content-disposition, content-length';

/**
 * Answers CORS: pages of `api.allowed_origins` may call the API and read its responses. Each request still needs a key,
 * because credentials such as cookies are not allowed.
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
      'access-control-expose-headers': EXPOSED_HEADERS,
    });
    if (!asked) return next();
    response.vary('Access-Control-Request-Headers').set({
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers':
        headers['access-control-request-headers'] ?? 'authorization, content-type',
      'access-control-max-age': PREFLIGHT_SECONDS,
    });
    response.status(204).end();
  };

const refusal = (origin: string | undefined) =>
  new MissionError(
    'permission_denied',
    `Pages of ${origin?.slice(0, 100) ?? '(none)'} may not call this API. Add the origin to api.allowed_origins in mission.yaml and restart.`,
  );
