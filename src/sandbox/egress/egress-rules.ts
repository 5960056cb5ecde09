import { BlockList, isIP } from 'node:net';
import { globMatches } from '../../contracts/permission.js';

/** `host[:port]` globs; a scope without a port matches every port. */
export interface HostScopes {
  hosts: readonly string[];
  blocked: readonly string[];
}

/** The destination of a connection. */
export interface Target {
  /** Host name, or an address without brackets. */
  host: string;
  port: number;
}

/** Formats a target as `host:port`, in the notation of scopes. */
export const hostPort = ({ host, port }: Target): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Whether a `deny` scope matches this host and port. */
export const isBlocked = ({ blocked }: HostScopes, target: Target): boolean =>
  blocked.some((scope) => matches(scope, target));

/**
 * Loopback, link-local, multicast and unspecified addresses: allowed only for a
 * scope with the literal address (or `localhost`).
 */
const NEVER_BY_NAME = listOf(
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 127],
  ['fe80::', 10],
  ['ff00::', 8],
);
/**
 * Private networks: allowed only for a scope that names the host without a
 * pattern.
 */
const PRIVATE = listOf(
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['fc00::', 7],
);
/**
 * IPv6 ranges that embed an IPv4 address (NAT64, 6to4): never allowed, because
 * they would bypass the lists above.
 */
const EMBEDS_IPV4 = listOf(['64:ff9b::', 96], ['2002::', 16]);

/** Whether a scope grants this host and port and no `deny` scope matches. */
export function namesTarget({ hosts, blocked }: HostScopes, target: Target): boolean {
  const isNamed = (scope: string) => matches(scope, target);
  return hosts.some(isNamed) && !blocked.some(isNamed);
}

/**
 * Whether the scopes that name the target allow a connection to this address of
 * it.
 */
export function allowsAddress(
  { hosts, blocked }: HostScopes,
  target: Target,
  address: string,
): boolean {
  const { port } = target;
  if (blocked.some((scope) => matches(scope, { host: address, port }))) return false;
  const naming = hosts
    .filter((scope) => matches(scope, target))
    .map((scope) => partsOf(scope).host);
  if (isIn(EMBEDS_IPV4, address)) return false;
  if (isIn(NEVER_BY_NAME, address))
    return naming.some((host) => host === 'localhost' || host === address);
  return !isIn(PRIVATE, address) || naming.some((host) => !/[*?]/.test(host));
}

function matches(scope: string, { host, port }: Target): boolean {
  const wanted = partsOf(scope);
  if (wanted.port !== undefined && !globMatches(wanted.port, String(port))) return false;
  return globMatches(wanted.host, host.toLowerCase());
}

function partsOf(scope: string): { host: string; port?: string } {
  const text = scope.toLowerCase();
  if (isIP(text)) return { host: text };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.+))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? text, ...(port !== undefined && { port }) };
}

function listOf(...subnets: [address: string, bits: number][]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of subnets) {
    list.addSubnet(address, bits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/**
 * `BlockList` also matches an IPv4 address that is written as IPv4-mapped IPv6.
 */
const isIn = (list: BlockList, address: string) =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
