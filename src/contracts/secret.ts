/** How a directive names a secret, as a whole value. */
export const SECRET_SCHEME = 'secret://';

/** What a secret may be called. */
export const SECRET_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** The name in `secret://name`, well formed or not; undefined for any other value. */
export const secretNameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.startsWith(SECRET_SCHEME) && !/\s/.test(value)
    ? value.slice(SECRET_SCHEME.length)
    : undefined;

/** The right to use secrets; a secret's name is its scope. */
export const SECRET_RIGHT = 'read:secrets';

/** The right to use one secret. */
export const secretRight = (name: string): string => `${SECRET_RIGHT}:${name}`;
