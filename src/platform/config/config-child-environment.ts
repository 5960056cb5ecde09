/**
 * Variables that every child process inherits; others are inherited only on
 * request.
 */
const ALWAYS = ['PATH', 'HOME', 'LANG'];

/**
 * The environment of a child process: the allow-listed variables, those in
 * `names`, and `extra`, which overrides both.
 */
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
