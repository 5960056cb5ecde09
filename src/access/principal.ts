/** Who acts: taken from a verified key, never from what a request says of itself. */
export interface Principal {
  /** Id of the key that was presented; `configured` for the one in the environment. */
  keyId: string;
  /** Written into runs and the audit trail, such as `operator`. */
  actor: string;
  role: Role;
}

export type Role = 'operator';
