import { createHash, randomBytes } from 'node:crypto';

/** A new key for this machine: `mc_local_` and 32 random bytes. It is shown once and kept as a hash. */
export const createKey = (): string => `mc_local_${randomBytes(32).toString('base64url')}`;

/** SHA-256 of a key in hex: what is kept at rest. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');
