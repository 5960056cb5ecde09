import { createHash, randomBytes } from 'node:crypto';

/** Creates an API key: `mc_local_` and 32 random bytes in base64url. Only its hash is stored, so it can be shown only once. */
export const createKey = (): string => `mc_local_${randomBytes(32).toString('base64url')}`;

/** The SHA-256 of a key in hex, which is all that the database stores of the key. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');
