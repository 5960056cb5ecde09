import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Plan } from '../../contracts/plan.js';

/**
 * SHA-256 (hex) of a plan's JSON. The compiler writes keys in a fixed order. The order of keys in an author's values is
 * significant, because it shows when a value is rendered into text.
 */
export const planHash = (plan: Plan): string =>
  bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(plan))));
