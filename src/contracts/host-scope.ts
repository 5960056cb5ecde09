const HOST = String.raw`[A-Za-z0-9_.*?-]+`;
const PORT = String.raw`[0-9*?]{1,5}`;
const HOST_SCOPE = new RegExp(String.raw`^(?:${HOST}|\[[0-9A-Fa-f:.*?]+\])(?::${PORT})?$`);
const BARE_IPV6 = /^(?=(?:[^:]*:){2})[0-9A-Fa-f:.]+$/;

/**
 * True for a valid `network` scope: `host` or `host:port`, each a glob; an IPv6 address may stand in brackets or bare.
 */
export const isHostScope = (scope: string): boolean =>
  HOST_SCOPE.test(scope) || BARE_IPV6.test(scope);

/** Extracts `host[:port]` from an address such as `https://api.example.com:8443/v1`; undefined when it has none. */
export function hostScopeIn(address: string): string | undefined {
  const [, rest] = /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/)?(?:[^/@]*@)?([^/#]*)/.exec(address) ?? [];
  return rest !== undefined && isHostScope(rest) ? rest : undefined;
}
