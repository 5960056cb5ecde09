/** The identity of a caller, taken from a verified key, never from the data of a request. */
export interface Principal {
  /** The id of the presented key; `configured` for the key from the environment. */
  keyId: string;
  /** The name that is written into runs and the audit log, such as `operator`. */
  actor: string;
  role: Role;
}

export type Role = 'operator';
