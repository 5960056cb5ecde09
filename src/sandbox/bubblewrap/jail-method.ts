/**
 * The programs and the kernel features that this machine jails processes with.
 */
export interface JailMethod {
  bwrap: string;
  prlimit: string;
  /**
   * `user`: an unprivileged user makes a user namespace. `root`: root makes the
   * jail and changes to an unprivileged user; with `idmap` this user has the
   * rights of the project's owner inside the project, without it those of
   * everybody.
   */
  kind: 'user' | 'root';
  setpriv?: string;
  /**
   * Path of the Perl that makes idmapped mounts; absent where the kernel or the
   * file system does not support them.
   */
  idmap?: string;
}

/** The method that works on this machine, or the reason why none does. */
export type JailProbe = { way: JailMethod } | { reason: string; hint: string };
