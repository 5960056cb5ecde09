/**
 * The one place where a script's process gets its walls. Every process that runs a project's
 * script is started with the command that this function returns.
 *
 * Today there are none: the command comes back unchanged, and a script has the worker's own file
 * and network rights (its environment is allow-listed all the same). Here bubblewrap will be put in
 * front: no network unless granted, then through the egress proxy; the project read-only but for
 * granted paths; a fresh scratch; an unprivileged uid; limits on processes, files, memory and CPU.
 * Descriptors 3 and 4, which warm runners speak over, must stay open through it.
 *
 * @param argv program and arguments
 * @param grants the permission tags that the script may use, e.g. `read:filesystem:data/**`
 */
export function wrapCommand(argv: readonly string[], grants: readonly string[]): readonly string[] {
  void grants;
  return argv;
}
