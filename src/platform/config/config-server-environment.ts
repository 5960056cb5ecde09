/**
 * The environment of our own servers: all of ours, since the operator's file may name any variable,
 * with `extra` on top; an undefined value removes one.
 */
export const serverEnvironment = (
  extra: Record<string, string | undefined>,
): NodeJS.ProcessEnv => ({ ...process.env, ...extra });
