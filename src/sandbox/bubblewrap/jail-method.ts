/** How this machine puts a process behind walls. */
export interface JailMethod {
  bwrap: string;
  prlimit: string;
  /**
   * `user`: a user namespace of an ordinary user. `root`: made by root, who then becomes nobody; with `idmap`
   * that nobody has the rights of the project's owner inside the project, without it those of everybody.
   */
  kind: 'user' | 'root';
  setpriv?: string;
  /** The Perl that makes idmapped mounts; absent where the kernel or the file system has none. */
  idmap?: string;
}

/** A way, or the reason why there is none. */
export type JailProbe = { way: JailMethod } | { reason: string; hint: string };
