import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/client';
import type { Json } from '../../../contracts/json/json.js';

/** A request of ours that has no answer yet. */
export interface OpenRequest {
  id: RequestId;
  method: string;
}

/** The requests of one connection that have no answer yet. */
export class OpenRequests {
  private readonly byId = new Map<string, OpenRequest>();
  /** Ids are counted up. */
  private last = -1;

  /** Takes note of a message that goes out; a cancelled request is answered by nobody. */
  sent(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    const { method, params } = message;
    if ('id' in message) {
      this.byId.set(String(message.id), { id: message.id, method });
      this.last = Math.max(this.last, Number(message.id) || 0);
    } else if (method === 'notifications/cancelled')
      this.byId.delete(String(params?.['requestId']));
  }

  /** Servers give an id back as a text, or none where they could not read the request. */
  find(id: Json | undefined): OpenRequest | undefined {
    return typeof id === 'string' || typeof id === 'number' ? this.byId.get(String(id)) : undefined;
  }

  /** The only one, where there is one. */
  get only(): OpenRequest | undefined {
    return this.byId.size === 1 ? this.byId.values().next().value : undefined;
  }

  /** True for the answer to what nobody waits for any more. */
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
