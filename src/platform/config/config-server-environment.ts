/**
 * The environment of the API and the worker: all variables of this process,
 * because the operator's file may refer to any of them, overridden by `extra`;
 * an undefined value removes a variable.
 */
export const serverEnvironment = (
  extra: Record<string, string | undefined>,
): NodeJS.ProcessEnv => ({ ...process.env, ...extra });
