import { hostname } from 'node:os';
import { isIP } from 'node:net';
import { MissionError } from '../../contracts/errors.js';

/** The names under which this API may be reached, and the pages that may call it. */
export interface HostRules {
  /** The address that the API is bound to (`HOST`). */
  boundTo: string;
  /** Further host names. A name without a port allows every port. */
  allowedHosts: readonly string[];
  /** Origins of pages, as browsers write them: `https://app.example`. */
  allowedOrigins: readonly string[];
}

/** The headers of a request that name its target and the page that sent it. */
export interface Addressed {
  host?: string | undefined;
  origin?: string | undefined;
}

const HEADER = /^(\[[0-9a-f:.]+\]|[^\s:/?#@\\[\]]+)(?::(\d{1,5}))?$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * Decides which `Host` and `Origin` a request may carry, against DNS rebinding (an attacker's name that points at this API).
 * Loopback names, the bound host and the operator's names are always allowed. When the API is bound to every address,
 * IP addresses, this machine's name and names without a dot (containers) are allowed as well: an attacker cannot register
 * any of them. The port of a loopback name is not compared, because tunnels and published ports of containers change it,
 * and an attacker's name is never a loopback name.
 */
export class HostPolicy {
  private readonly names: Name[];

  constructor(private readonly rules: HostRules) {
    this.names = rules.allowedHosts.flatMap((host) => nameOf(host) ?? []);
  }

  allowsHost(header: string | undefined): boolean {
    const name = nameOf(header);
    return name !== undefined && this.isOurs(name);
  }

  /**
   * True when a probe (`/live`, `/ready`) may name this host. Load balancers send the address that they connect to, the
   * name of a service without a dot, or no host at all.
   */
  allowsProbe(header: string | undefined): boolean {
    if (header === undefined || header === '') return true;
    const name = nameOf(header);
    return name !== undefined && (this.isOurs(name) || isUnregistrable(name.host));
  }

  /** True when the origin may call the API, and when there is none: only browsers send an origin. */
  allowsOrigin(header: string | undefined): boolean {
    if (header === undefined || this.isListed(header)) return true;
    const name = URL.canParse(header) ? nameOf(new URL(header).host) : undefined;
    return name !== undefined && this.isOurs(name);
  }

  /** True when `api.allowed_origins` lists the origin, so that its pages may call the API and read the responses. */
  isListed(origin: string | undefined): boolean {
    return origin !== undefined && this.rules.allowedOrigins.includes(origin);
  }

  /** The reason for which a request is refused; undefined when it is allowed. */
  refusal({ host, origin }: Addressed, isProbe = false): MissionError | undefined {
    if (!(isProbe ? this.allowsProbe(host) : this.allowsHost(host))) return foreignHost(host);
    return this.allowsOrigin(origin) ? undefined : foreignOrigin(origin);
  }

  private isOurs({ host, port }: Name): boolean {
    const { boundTo } = this.rules;
    if (LOOPBACK.test(host) || host === boundTo.toLowerCase()) return true;
    const isNamed = this.names.some(
      (name) => name.host === host && (name.port === undefined || name.port === port),
    );
    if (isNamed) return true;
    return ANY_ADDRESS.has(boundTo) && (isUnregistrable(host) || host === hostname().toLowerCase());
  }
}

interface Name {
  /** The host in lower case, without the brackets of IPv6 and without a dot at the end. */
  host: string;
  port: string | undefined;
}

function nameOf(header: string | undefined): Name | undefined {
  const [, host, port] = HEADER.exec((header ?? '').toLowerCase()) ?? [];
  return host === undefined ? undefined : { host: host.replace(/^\[|\]$|\.$/g, ''), port };
}

const isUnregistrable = (host: string) => !host.includes('.') || isIP(host) !== 0;

const quoted = (value: string | undefined) =>
  value === undefined || value === '' ? '(none)' : value.slice(0, 100);

const foreignHost = (host: string | undefined) =>
  new MissionError(
    'permission_denied',
    `Host ${quoted(host)} is not a known name of this API. Use the address that the API prints at start-up, or add the name to api.allowed_hosts in mission.yaml and restart.`,
  );

const foreignOrigin = (origin: string | undefined) =>
  new MissionError(
    'permission_denied',
    `Origin ${quoted(origin)} may not call this API. Add it to api.allowed_origins in mission.yaml and restart.`,
  );
