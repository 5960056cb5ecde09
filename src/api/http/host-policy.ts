import { hostname } from 'node:os';
import { isIP } from 'node:net';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * Which `Host` and `Origin` a request may carry, against DNS rebinding: a name that an attacker points at us.
 * Loopback and the bound host always. Bound to every address: also addresses, this machine's name and names
 * without a dot (containers), none of which anybody can register.
 */
export class HostPolicy {
  constructor(private readonly boundTo: string) {}

  allowsHost(header: string | undefined): boolean {
    return header !== undefined && this.allows(`http://${header}`);
  }

  /** Only browsers send an origin. */
  allowsOrigin(header: string | undefined): boolean {
    return header === undefined || this.allows(header);
  }

  private allows(url: string): boolean {
    if (!URL.canParse(url)) return false;
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase();
    return LOOPBACK.test(host) || host === this.boundTo.toLowerCase() || this.isOurs(host);
  }

  private isOurs(host: string): boolean {
    if (!ANY_ADDRESS.has(this.boundTo)) return false;
    const unregistrable = host !== '' && !host.includes('.');
    return unregistrable || isIP(host) !== 0 || host === hostname().toLowerCase();
  }
}
