/**
 * Reads a variable that holds a secret. The value is not stored; undefined when
 * unset or empty.
 */
export const readVariable = (name: string): string | undefined => process.env[name] || undefined;

/** The names of all environment variables. */
export const variableNames = (): string[] => Object.keys(process.env);
