import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Plan } from '../../contracts/plan.js';

/**
 * SHA-256 (hex) of a plan's JSON. The compiler writes keys in one fixed order, and the order that an author gave to the keys
 * of a value counts: it is seen when the value is rendered into text.
 */
export const planHash = (plan: Plan): string =>
  bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(plan))));
