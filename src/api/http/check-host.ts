import type { RequestHandler } from 'express';
import type { HostPolicy } from '../shared/host-policy.js';

const PROBES = new Set(['/live', '/ready']);

/** Refuses requests whose `Host` or `Origin` the policy does not allow, against DNS rebinding. */
export const checkHost =
  (policy: HostPolicy): RequestHandler =>
  ({ headers, path }, _response, next) =>
    next(policy.refusal(headers, PROBES.has(path)));
