import type { Permissions } from '../contracts/permission.js';

/** The identity of a caller, taken from a verified key, never from the data of a request. */
export interface Principal {
  /** The id of the presented key; `configured` for the key from the environment. */
  keyId: string;
  /** The name that is written into runs and the audit log, such as `operator`. */
  actor: string;
  /** A built-in role, or one of the instance's own. */
  role: string;
  /** What the role and the key allow together, as permission tags; null = everything, absent = what the role allows. */
  rights?: Permissions;
  /** True = the key may only read. */
  readOnly?: boolean;
}
