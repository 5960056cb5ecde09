/** What every child process gets; nothing else of our environment reaches it unasked. */
const ALWAYS = ['PATH', 'HOME', 'LANG'];

/** The environment of a child: the allow-listed variables, those in `names`, and `extra` on top. */
export function childEnvironment(
  extra: Record<string, string> = {},
  names: readonly string[] = [],
): Record<string, string> {
  const inherited = [...ALWAYS, ...names].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...extra };
}
