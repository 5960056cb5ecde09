/** A variable that holds a secret: read when it is needed and kept nowhere; undefined when unset or empty. */
export const readVariable = (name: string): string | undefined => process.env[name] || undefined;

/** The names of all variables. */
export const variableNames = (): string[] => Object.keys(process.env);
