/** Removes NUL characters, which Postgres `text` cannot hold. */
export const plainText = (text: string): string => text.replaceAll('\u0000', '');
