import type { Principal } from '../../../access/principal.js';

/** What resolvers know of the request or of the socket's operation. */
export interface GraphqlContext {
  principal: Principal;
}
