const ALLOWED = ['PATH', 'HOME', 'LANG', 'TZ'] as const;
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * The environment of a script's process: PATH, HOME, LANG and TZ of the worker,
 * the variables that `scripts.environment` names, TMPDIR, and nothing else,
 * because the worker's own environment holds its secrets.
 */
export function scriptEnvironment(
  worker: Readonly<Record<string, string | undefined>>,
  scratch: string,
  passedOn: readonly string[] = [],
): Record<string, string> {
  const known = [...ALLOWED, ...passedOn].flatMap((name) =>
    worker[name] ? [[name, worker[name]]] : [],
  );
  return { PATH: DEFAULT_PATH, ...Object.fromEntries(known), TMPDIR: scratch };
}
