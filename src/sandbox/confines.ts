import { lstatSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

import type { ScriptRefusal } from '../contracts/script.js';
import { containsPath } from '../platform/files/contains-path.js';
import type { NetworkFailure } from './egress/egress-proxy.js';
import { hostPort, isBlocked, namesTarget, type Target } from './egress/egress-rules.js';
import { expandScope } from './project/expand-scope.js';
import type { Grants } from './project/grants.js';

/**
 * An operating-system error that a script ran into, as its runner reports it.
 */
export interface Fault {
  code: string;
  path?: string;
  syscall?: string;
  host?: string;
  port?: number;
}

const MOST = 20;
const NO_NETWORK = new Set([
  ...['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENOTFOUND'],
  ...['EAI_AGAIN', 'EAI_NONAME', 'EAI_NODATA', 'EAI_FAIL'],
]);
const LOOPBACK = /^(localhost|127\.[\d.]+|::1)$/;
/**
 * Clients report a refusal of the proxy in different words; this matches all
 * known ones.
 */
const PROXY_WORDS = /\b403\b|\bprox(?:y|ied)\b|\btunnel/i;
const MAKES_DIRECTORY = /^mkdir/;
const CHANGES_DIRECTORY = /^(unlink|rename|rmdir|rm|link|symlink|copyfile)/;

/**
 * Collects the accesses that the jail refused to one process during a call, and
 * finds the missing permission for each.
 */
export class Confines {
  readonly refused: ScriptRefusal[] = [];
  private unreached: NetworkFailure[] = [];

  /**
   * @param own the process's own writable directory; undefined where the
   * process is not jailed and nothing is refused
   */
  constructor(
    private readonly project: string,
    private readonly grants: Grants,
    private readonly own: string | undefined,
  ) {}

  /** Forgets the refusals of the call before. */
  begin(): void {
    this.refused.length = 0;
    this.unreached = [];
  }

  /** Records a connection that the egress proxy refused or could not make. */
  onNetwork(failure: NetworkFailure): void {
    if (this.unreached.length < MOST) this.unreached.push(failure);
    if (failure.refused) this.add(this.network(failure, failure.reason));
  }

  /**
   * The refusal of the jail that caused an error; undefined where the jail did
   * not cause it.
   * @param text the full text of the error
   */
  refusalOf(faults: readonly Fault[], text: string): ScriptRefusal | undefined {
    if (this.own === undefined) return undefined;
    const found = this.byProxy(text) ?? faults.map((fault) => this.byFault(fault)).find(Boolean);
    if (found) this.add(found);
    return found;
  }

  /**
   * The reason why a granted connection could not be made, if that caused the
   * error.
   */
  unreachedBy(text: string): string | undefined {
    const failure = this.unreached.findLast((each) => !each.refused && tells(text, each));
    return failure && `${hostPort(failure)} could not be reached: ${failure.reason}`;
  }

  private byProxy(text: string): ScriptRefusal | undefined {
    const failure = this.unreached.findLast((each) => each.refused && tells(text, each));
    return failure && this.network(failure, failure.reason);
  }

  private byFault(fault: Fault): ScriptRefusal | undefined {
    if (NO_NETWORK.has(fault.code)) return this.byNetwork(fault);
    if (fault.path === undefined) return undefined;
    const path = resolve(this.project, fault.path);
    if (fault.code === 'EROFS') return this.file(path, fault);
    return fault.code === 'EACCES' && this.isRefused(path) ? this.file(path, fault) : undefined;
  }

  /**
   * A jail reaches the network only through the proxy, and not even the proxy
   * when no network scope is granted.
   */
  private byNetwork({ host, port }: Fault): ScriptRefusal | undefined {
    const { hosts } = this.grants;
    if (host === undefined) return hosts.length === 0 ? noNetwork : undefined;
    if (hosts.length === 0) return this.network({ host, port });
    const isGranted = port === undefined || namesTarget(this.grants, { host, port });
    // Servers that the script runs itself, and the relay to the proxy, listen
    // on the jail's own loopback.
    return isGranted || LOOPBACK.test(host) ? undefined : this.network({ host, port });
  }

  private network(
    { host, port }: { host: string; port?: number | undefined },
    reason?: string,
  ): ScriptRefusal {
    const target: Target = { host, port: port ?? 0 };
    const name = port === undefined ? host : hostPort(target);
    const permission = `read:network:${name}`;
    if (port !== undefined && isBlocked(this.grants, target)) {
      return refusal(`network:${name}`, `this directive's permissions deny ${name} to its scripts`);
    }
    if (reason !== undefined && namesTarget(this.grants, target)) {
      return refusal(`network:${name}`, `${reason}: add \`${permission}\``, permission);
    }
    const message = `this directive has no permission to reach ${name}: add \`${permission}\` to its permissions`;
    return refusal(`network:${name}`, message, permission);
  }

  private file(path: string, { syscall = '' }: Fault): ScriptRefusal {
    const name = relative(this.project, path);
    if (path !== this.project && !containsPath(this.project, path)) return outside(path);
    const target = `filesystem:${name || '.'}`;
    if (this.isHidden(path)) {
      return refusal(target, `this directive's permissions deny ${name} to its scripts`);
    }
    const permission = `write:filesystem${scopeOf(name, syscall)}`;
    const message = `this directive has no permission to write ${name || 'the project'}: add \`${permission}\` to its permissions`;
    return refusal(target, message, permission);
  }

  /**
   * Whether the jail refused this access: the path is outside the project,
   * hidden, or readable for everybody and not writable for the script.
   */
  private isRefused(path: string): boolean {
    if ([this.own!, '/tmp', '/dev', '/proc'].some((each) => containsPath(each, path))) return false;
    if (!containsPath(this.project, path) || this.isHidden(path)) return true;
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat !== undefined && (stat.mode & 0o004) !== 0 && !this.isOpened(path);
  }

  private isHidden = (path: string) => this.isNamedBy(this.grants.hides, path);
  private isOpened = (path: string) => this.isNamedBy(this.grants.writes, path);

  private isNamedBy(scopes: readonly string[], path: string): boolean {
    const named = scopes.flatMap((scope) => expandScope(this.project, scope).named);
    return named.some((each) => each.path === path || containsPath(each.path, path));
  }

  private add(refusal: ScriptRefusal): void {
    const isKnown = this.refused.some(({ target }) => target === refusal.target);
    if (!isKnown && this.refused.length < MOST) this.refused.push(refusal);
  }
}

const refusal = (target: string, message: string, permission?: string): ScriptRefusal => ({
  target,
  message,
  ...(permission !== undefined && { permission }),
});

const noNetwork = refusal(
  'network',
  'this directive has no permission to reach the network: add `read:network:HOST:PORT` to its permissions',
);

const outside = (path: string) =>
  refusal(
    `filesystem:${path}`,
    `scripts have no permission to write ${path}: they can write in context.scratch_dir, in /tmp, and in those folders of the project for which the directive has a permission such as \`write:filesystem:reports/**\``,
  );

/**
 * Creating a directory needs a scope that covers its content; removing or
 * renaming an entry needs one that covers the directory around it.
 */
function scopeOf(name: string, syscall: string): string {
  if (name === '') return '';
  if (MAKES_DIRECTORY.test(syscall)) return `:${name}/**`;
  if (!CHANGES_DIRECTORY.test(syscall)) return `:${name}`;
  return dirname(name) === '.' ? '' : `:${dirname(name)}/**`;
}

const tells = (text: string, { host, refused }: NetworkFailure) =>
  text.includes(host) ||
  (refused ? PROXY_WORDS : /\b502\b|\bproxy\b|\btunnel|fetch failed/i).test(text);
