import type { RequestHandler } from 'express';
import { MissionError } from '../../contracts/errors.js';
import type { HostPolicy } from './host-policy.js';

/** Refuses requests that were addressed to, or come from a page of, somebody else's name. */
export const checkHost =
  (policy: HostPolicy): RequestHandler =>
  ({ headers: { host, origin } }, _response, next) => {
    if (!policy.allowsHost(host)) return next(refusal('Host', host));
    if (!policy.allowsOrigin(origin)) return next(refusal('Origin', origin));
    next();
  };

const refusal = (header: string, value: string | undefined) =>
  new MissionError(
    'permission_denied',
    `${header} ${value ?? '(none)'} is not ours. Use the address that this API prints at its start.`,
  );
