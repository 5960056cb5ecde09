import type { Principal } from '../../../access/principal.js';

/** The context of resolvers, for a request or for an operation on a socket. */
export interface GraphqlContext {
  principal: Principal;
}
