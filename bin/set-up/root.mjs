import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's directory. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path in the clone. */
export const inRoot = (...parts) => join(ROOT, ...parts);
