/** Prefix of a secret reference. A reference is a whole value, never a part of a text. */
export const SECRET_SCHEME = 'secret://';

/** Pattern of secret names. */
export const SECRET_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Extracts the name from `secret://name`, even when the name is malformed; undefined for any other value. */
export const secretNameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.startsWith(SECRET_SCHEME) && !/\s/.test(value)
    ? value.slice(SECRET_SCHEME.length)
    : undefined;

/** The right to use secrets; the name of a secret is its scope. */
export const SECRET_RIGHT = 'read:secrets';

/** The right to use one secret. */
export const secretRight = (name: string): string => `${SECRET_RIGHT}:${name}`;
