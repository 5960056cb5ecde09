import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/client';
import type { Json } from '../../../contracts/json/json.js';

/** A request to the server that has no answer yet. */
export interface OpenRequest {
  id: RequestId;
  method: string;
}

/** The requests of one connection that have no answer yet. */
export class OpenRequests {
  private readonly byId = new Map<string, OpenRequest>();
  /** The highest id so far; ids ascend. */
  private last = -1;

  /**
   * Records an outgoing message. A cancelled request gets no answer and is
   * removed.
   */
  sent(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    const { method, params } = message;
    if ('id' in message) {
      this.byId.set(String(message.id), { id: message.id, method });
      this.last = Math.max(this.last, Number(message.id) || 0);
    } else if (method === 'notifications/cancelled')
      this.byId.delete(String(params?.['requestId']));
  }

  /**
   * Finds a request by the id of its answer. Some servers return the id as a
   * string.
   */
  find(id: Json | undefined): OpenRequest | undefined {
    return typeof id === 'string' || typeof id === 'number' ? this.byId.get(String(id)) : undefined;
  }

  /** The open request, if there is exactly one. */
  get only(): OpenRequest | undefined {
    return this.byId.size === 1 ? this.byId.values().next().value : undefined;
  }

  /** True for the answer to a request that is no longer open. */
  isLate(id: Json | undefined): boolean {
    const number = typeof id === 'string' || typeof id === 'number' ? Number(id) : NaN;
    return number >= 0 && number <= this.last && !this.find(id);
  }

  isOpen({ id }: OpenRequest): boolean {
    return this.byId.has(String(id));
  }

  close({ id }: OpenRequest): void {
    this.byId.delete(String(id));
  }
}
