import type { RequestHandler } from 'express';
import type { HostPolicy } from '../shared/host-policy.js';

const PROBES = new Set(['/live', '/ready']);

/** Refuses requests that were addressed to, or come from a page of, somebody else's name. */
export const checkHost =
  (policy: HostPolicy): RequestHandler =>
  ({ headers, path }, _response, next) =>
    next(policy.refusal(headers, PROBES.has(path)));
