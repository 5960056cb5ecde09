import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { canonicalJson } from '../../../contracts/json/canonical-json.js';
import type { Json } from '../../../contracts/json/json.js';

/** What an approval is about. */
export interface Approvable {
  step: string;
  description: string;
  /** The steps that it guards, with their targets and arguments. */
  shows: Json;
}

/** SHA-256 (hex) of what an approval is about. A decision holds only for the hash that it was made on. */
export const approvalHash = ({ step, description, shows }: Approvable): string =>
  bytesToHex(sha256(new TextEncoder().encode(canonicalJson({ step, description, shows }))));
